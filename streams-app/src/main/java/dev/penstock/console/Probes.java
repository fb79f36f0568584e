package dev.penstock.console;

import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** How the process is, in a word or, where it is asked for, check by check. */
final class Probes {

    private final HealthSource source;

    Probes(HealthSource source) {
        this.source = source;
    }

    Routes addTo(Routes routes) {
        return routes.get("/livez", (request, response, callback) -> answer(source::live, request, response, callback))
                .get("/readyz", (request, response, callback) -> answer(source::ready, request, response, callback));
    }

    /** Whether the checks are asked for. */
    static boolean isVerbose(Request request) {
        Fields query = Request.extractQueryParameters(request);
        return query.get("verbose") != null;
    }

    private static boolean answer(Supplier<Health> source, Request request, Response response, Callback callback) {
        Answer.made(() -> answer(source.get(), request)).send(response, callback);
        return true;
    }

    private static Answer answer(Health health, Request request) {
        StringBuilder text = new StringBuilder();
        if (isVerbose(request)) {
            health.checks()
                    .forEach((name, found) ->
                            text.append(name).append(": ").append(found).append('\n'));
        }
        text.append(health.ok() ? "ok" : "not ok").append('\n');
        return Answer.text(health.ok() ? 200 : 503, text.toString());
    }
}
