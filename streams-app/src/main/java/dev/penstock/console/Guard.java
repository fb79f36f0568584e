package dev.penstock.console;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Before every answer: whom it may go to, and what a browser may do with it. */
final class Guard implements Filter {

    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Asked by machines under whatever name or address they have for an instance; they tell nothing. */
    static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private final HostRule rule;

    Guard(HostRule rule) {
        this.rule = rule;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Content-Security-Policy", POLICY)
                .header("Cache-Control", "no-store");
        String path = request.path().path();
        String host = header(request, HeaderNames.HOST);
        if (host == null || (!PROBES.contains(path) && !rule.allowsHost(host))) {
            refuse(response, 421, "host: not one of this console (expected: an address, or one of console.names)");
        } else if (!isAllowed(request.prologue().method(), path)) {
            response.header("Allow", "GET");
            refuse(response, 405, "GET only");
        } else if (isOfAnotherSite(request, host)) {
            refuse(response, 403, "origin: another site");
        } else {
            chain.proceed();
        }
    }

    private static boolean isAllowed(Method method, String path) {
        return method.equals(Method.GET) || (method.equals(Method.POST) && path.startsWith("/api/replay"));
    }

    /** Another site may link to the page; what it loads and sends comes from the page itself. */
    private boolean isOfAnotherSite(RoutingRequest request, String host) {
        boolean link = request.path().path().equals("/");
        return !rule.allowsPage(host, header(request, HeaderNames.ORIGIN), link ? null : header(request, FETCH_SITE));
    }

    private static void refuse(RoutingResponse response, int status, String message) {
        response.status(status).send(message + "\n");
    }

    private static @Nullable String header(RoutingRequest request, HeaderName name) {
        return request.headers().first(name).orElse(null);
    }
}
