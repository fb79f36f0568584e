package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of an instance: probes, metrics and the page. */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_REQUESTS = 64;
    /** The rest is for the probes. */
    private static final int MAX_REQUESTS_OF_PAGES = 48;

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final WebServer server;
    private final String host;
    private final OperatorTopics topics;
    private final SlowClients slowClients;
    private final ScheduledExecutorService sampler;

    private Console(
            WebServer server,
            String host,
            OperatorTopics topics,
            SlowClients slowClients,
            ScheduledExecutorService sampler) {
        this.server = server;
        this.host = host;
        this.topics = topics;
        this.slowClients = slowClients;
        this.sampler = sampler;
    }

    /**
     * Listens once this returns.
     *
     * @throws ConsoleStartException when the port is taken, the address is not ours or the token cannot be used
     */
    public static Console start(ConsoleConfig config, ConsoleSources sources) throws ConsoleStartException {
        return start(config, sources, LONGEST_REQUEST);
    }

    /** @param longest how long a request may take, its answer included */
    static Console start(ConsoleConfig config, ConsoleSources sources, Duration longest) throws ConsoleStartException {
        AccessToken token = AccessToken.of(config.token());
        Readings readings = new Readings(sources.metrics());
        History history = new History(readings);
        StateJson state = new StateJson(sources, readings, history, token.isReadOnly());
        SlowClients slowClients = new SlowClients(MAX_REQUESTS_OF_PAGES, longest);
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(slowClients)
                .addFilter(new Guard(new HostRule(config)))
                .get("/livez", (request, response) -> answer(sources.health()::live, request.query(), response))
                .get("/readyz", (request, response) -> answer(sources.health()::ready, request.query(), response))
                .get("/metrics", (request, response) -> metrics(sources.metrics(), response))
                .register(new PageFiles())
                .register("/api", new ConsoleApi(state, sources.topics(), token));
        WebServer server = listen(config, routing);
        if (!server.isRunning()) {
            slowClients.close();
            throw new ConsoleStartException("console: " + config.host() + ":" + config.port()
                    + " cannot be listened on (expected: an own address and a free port, or port 0 for any)");
        }
        Console console = new Console(server, config.host(), sources.topics(), slowClients, sampler(history));
        LOG.atInfo().addKeyValue("url", console.url()).log("console listening");
        return console;
    }

    /** A listener that cannot listen is only logged by Helidon: the server then does not run. */
    private static WebServer listen(ConsoleConfig config, HttpRouting.Builder routing) {
        return WebServer.builder()
                .host(config.host())
                .port(config.port())
                .maxPayloadSize(MAX_BODY_BYTES)
                .maxTcpConnections(MAX_CONNECTIONS)
                .maxConcurrentRequests(MAX_REQUESTS)
                .idleConnectionTimeout(IDLE)
                .shutdownGracePeriod(Duration.ofMillis(100))
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the sampler
    private static ScheduledExecutorService sampler(History history) {
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("console-samples").factory());
        sampler.scheduleAtFixedRate(() -> sample(history), 0, History.STEP.toMillis(), TimeUnit.MILLISECONDS);
        return sampler;
    }

    /** One that fails must not be the last. */
    private static void sample(History history) {
        try {
            history.sample(Instant.now());
        } catch (RuntimeException failed) {
            LOG.warn("no sample for the page", failed);
        }
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
        sampler.shutdownNow();
        server.stop();
        slowClients.close();
        topics.close();
    }

    private static void metrics(PrometheusMeterRegistry metrics, ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, METRICS_TYPE).send(metrics.scrape());
    }

    private static void answer(Supplier<Health> source, UriQuery query, ServerResponse response) {
        Health health = source.get();
        StringBuilder text = new StringBuilder();
        if (query.contains("verbose")) {
            health.checks()
                    .forEach((name, found) ->
                            text.append(name).append(": ").append(found).append('\n'));
        }
        text.append(health.ok() ? "ok" : "not ok").append('\n');
        response.status(health.ok() ? 200 : 503)
                .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .send(text.toString());
    }
}
