package dev.penstock.console;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page and what it loads, all from this program. */
final class PageFiles implements HttpService {

    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String JS = "text/javascript; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";

    @Override
    public void routing(HttpRules rules) {
        serve(rules, "/", "page/index.html", "text/html; charset=utf-8");
        serve(rules, "/console.css", "page/console.css", CSS);
        for (String script : new String[] {"console", "parts", "dialogs", "charts"}) {
            serve(rules, "/" + script + ".js", "page/" + script + ".js", JS);
        }
        serve(rules, "/icon.svg", "page/icon.svg", "image/svg+xml");
        serve(rules, "/uPlot.js", CHARTS + "uPlot.iife.min.js", JS);
        serve(rules, "/uPlot.css", CHARTS + "uPlot.min.css", CSS);
    }

    private static void serve(HttpRules rules, String path, String file, String type) {
        byte[] content = read(file);
        rules.get(
                path,
                (request, response) ->
                        response.header(HeaderNames.CONTENT_TYPE, type).send(content));
    }

    private static byte[] read(String file) {
        try (InputStream in = PageFiles.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": not part of this program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
