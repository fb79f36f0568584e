package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of an instance. */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_REQUESTS = 64;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final WebServer server;
    private final String host;

    private Console(WebServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Listens once this returns.
     *
     * @throws ConsoleStartException when the port is taken or the address is not ours
     */
    public static Console start(ConsoleConfig config, HealthSource health, PrometheusMeterRegistry metrics)
            throws ConsoleStartException {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(Console::guard)
                .get("/livez", (request, response) -> answer(health::live, verbose(request.query()), response))
                .get("/readyz", (request, response) -> answer(health::ready, verbose(request.query()), response))
                .get(
                        "/metrics",
                        (request, response) -> response.header(HeaderNames.CONTENT_TYPE, METRICS_TYPE)
                                .send(metrics.scrape()));
        WebServer server = listen(config, routing);
        if (!server.isRunning()) {
            throw new ConsoleStartException("console: " + config.host() + ":" + config.port()
                    + " cannot be listened on (expected: an own address and a free port, or port 0 for any)");
        }
        Console console = new Console(server, config.host());
        LOG.atInfo().addKeyValue("url", console.url()).log("console listening");
        return console;
    }

    /** A listener that cannot listen is only logged by Helidon: the server then does not run. */
    private static WebServer listen(ConsoleConfig config, HttpRouting.Builder routing) {
        return WebServer.builder()
                .host(config.host())
                .port(config.port())
                .maxPayloadSize(0)
                .maxTcpConnections(MAX_CONNECTIONS)
                .maxConcurrentRequests(MAX_REQUESTS)
                .idleConnectionTimeout(IDLE)
                .shutdownGracePeriod(Duration.ofMillis(100))
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
    }

    /** The port it took. */
    public int port() {
        return server.port();
    }

    /** For people to open. */
    public String url() {
        return "http://" + host + ":" + port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static void guard(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .header("Cache-Control", "no-store");
        if (request.prologue().method().equals(Method.GET)) {
            chain.proceed();
        } else {
            response.status(Status.METHOD_NOT_ALLOWED_405)
                    .header("Allow", "GET")
                    .send("GET only\n");
        }
    }

    private static boolean verbose(UriQuery query) {
        return query.contains("verbose");
    }

    private static void answer(Supplier<Health> source, boolean verbose, ServerResponse response) {
        Health health = source.get();
        StringBuilder text = new StringBuilder();
        if (verbose) {
            health.checks()
                    .forEach((name, found) ->
                            text.append(name).append(": ").append(found).append('\n'));
        }
        text.append(health.ok() ? "ok" : "not ok").append('\n');
        response.status(health.ok() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send(text.toString());
    }
}
