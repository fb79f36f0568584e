package dev.penstock.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page and what it loads, all from this program. */
final class PageFiles {

    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String JS = "text/javascript; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";

    private PageFiles() {}

    static void addTo(Routes routes) {
        serve(routes, "/", "page/index.html", "text/html; charset=utf-8");
        serve(routes, "/console.css", "page/console.css", CSS);
        for (String script : new String[] {"console", "parts", "dialogs", "charts"}) {
            serve(routes, "/" + script + ".js", "page/" + script + ".js", JS);
        }
        serve(routes, "/icon.svg", "page/icon.svg", "image/svg+xml");
        serve(routes, "/uPlot.js", CHARTS + "uPlot.iife.min.js", JS);
        serve(routes, "/uPlot.css", CHARTS + "uPlot.min.css", CSS);
    }

    private static void serve(Routes routes, String path, String file, String type) {
        Answer answer = new Answer(200, type, read(file));
        routes.get(path, (request, response, callback) -> {
            answer.send(response, callback);
            return true;
        });
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
