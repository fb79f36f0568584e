package dev.penstock.console;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Before every answer: whom it may go to, and what a browser may do with it. */
final class Guard extends Handler.Wrapper {

    /** Asked by machines under whatever name or address they have for an instance; without details they tell nothing. */
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");

    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final List<HttpField> HEADERS = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("X-Frame-Options", "DENY"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
            new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"),
            new PreEncodedHttpField("Content-Security-Policy", POLICY),
            new PreEncodedHttpField("Cache-Control", "no-store"));
    /** With two of them, somebody before or behind us would read the other one. */
    private static final List<String> AT_MOST_ONCE =
            List.of("Host", "Origin", "Authorization", "Content-Type", FETCH_SITE);

    private final HostRule rule;

    Guard(HostRule rule, Handler handler) {
        super(handler);
        this.rule = rule;
    }

    static void addHeaders(Response response) {
        HEADERS.forEach(response.getHeaders()::put);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        addHeaders(response);
        Answer refusal = refusal(request);
        if (refusal == null) {
            return super.handle(request, response, callback);
        }
        if (refusal.status() == 405) {
            response.getHeaders().put("Allow", "GET");
        }
        refusal.send(response, callback);
        return true;
    }

    private @Nullable Answer refusal(Request request) {
        String path = Routes.pathOf(request);
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
            return Answer.text(505, "HTTP/1.1 only\n");
        }
        for (String name : AT_MOST_ONCE) {
            if (request.getHeaders().getValuesList(name).size() > 1) {
                return Answer.text(400, name.toLowerCase(Locale.ROOT) + ": more than one\n");
            }
        }
        if (!isReadable(request)) {
            return Answer.text(400, "query: malformed\n");
        }
        if (host == null || (!isBareProbe(request, path) && !isOurs(request, host))) {
            return Answer.text(421, "host: not one of this console (expected: an address, or one of console.names)\n");
        }
        if (!isAllowed(request.getMethod(), path)) {
            return Answer.text(405, "GET only\n");
        }
        return isOfAnotherSite(request, host, path) ? Answer.text(403, "origin: another site\n") : null;
    }

    /** Whoever reads the query later need not expect that it cannot be read. */
    private static boolean isReadable(Request request) {
        try {
            Request.extractQueryParameters(request);
            return true;
        } catch (RuntimeException malformed) {
            return false;
        }
    }

    private static boolean isBareProbe(Request request, String path) {
        return PROBES.contains(path) && !Probes.isVerbose(request);
    }

    /** A target may name a host too. */
    private boolean isOurs(Request request, String host) {
        return rule.allowsHost(host) && rule.allowsHost(request.getHttpURI().getAuthority());
    }

    private static boolean isAllowed(String method, String path) {
        return method.equals("GET") || (method.equals("POST") && path.startsWith("/api/replay"));
    }

    /** Another site may link to the page; what it loads and sends comes from the page itself. */
    private boolean isOfAnotherSite(Request request, String host, String path) {
        String site = path.equals("/") ? null : request.getHeaders().get(FETCH_SITE);
        return !rule.allowsPage(host, request.getHeaders().get(HttpHeader.ORIGIN), site);
    }
}
