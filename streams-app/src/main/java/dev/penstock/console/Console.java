package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of an instance: probes, metrics and the page. */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final int REQUESTS_OF_A_CONNECTION = 100;
    /** The rest is for the probes. */
    private static final int MAX_REQUESTS_OF_PAGES = 48;
    /** One accepts, one looks what can be read, two may read topics, four answer. */
    private static final int THREADS = 8;

    private final HttpListener listener;
    private final String host;
    private final OperatorTopics topics;
    private final Renderer renderer;
    private final ScheduledExecutorService timer;

    private Console(
            HttpListener listener,
            String host,
            OperatorTopics topics,
            Renderer renderer,
            ScheduledExecutorService timer) {
        this.listener = listener;
        this.host = host;
        this.topics = topics;
        this.renderer = renderer;
        this.timer = timer;
    }

    /**
     * How long clients may take.
     *
     * @param longestHead for the head of a request
     * @param longestRequest for the rest, the answer included
     */
    record Patience(Duration longestHead, Duration longestRequest) {

        private static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    /**
     * Listens once this returns.
     *
     * @throws ConsoleStartException when the port is taken, the address is not ours or the token cannot be used
     */
    public static Console start(ConsoleConfig config, ConsoleSources sources) throws ConsoleStartException {
        return start(config, sources, Patience.USUAL, InstantSource.system());
    }

    /** @param clock by which a scrape is shared */
    static Console start(ConsoleConfig config, ConsoleSources sources, Patience patience, InstantSource clock)
            throws ConsoleStartException {
        AccessToken token = AccessToken.of(config.token());
        Readings readings = new Readings(sources.metrics());
        History history = new History(readings);
        ScheduledExecutorService timer = timer(history);
        Renderer renderer = new Renderer();
        try {
            Routes routes = new Routes();
            new Probes(sources.health()).addTo(routes);
            SharedScrape scrape = new SharedScrape(sources.metrics()::scrape);
            routes.get("/metrics", renderer.handler(request -> scrape.at(clock.instant())));
            PageFiles.addTo(routes);
            StateJson state = new StateJson(sources, readings, history, token.isReadOnly());
            TopicReaders readers = new TopicReaders(timer, patience.longestRequest);
            new ConsoleApi(state, sources.topics(), token, readers).addTo(routes, renderer);
            Handler all = new Guard(new HostRule(config), new Room(MAX_REQUESTS_OF_PAGES, routes));
            HttpListener listener = HttpListener.start("console", config.host(), config.port(), limits(patience), all);
            Console console = new Console(listener, config.host(), sources.topics(), renderer, timer);
            LOG.atInfo().addKeyValue("url", console.url()).log("console listening");
            return console;
        } catch (ConsoleStartException refused) {
            renderer.close();
            timer.shutdownNow();
            throw refused;
        }
    }

    private static HttpListener.Limits limits(Patience patience) {
        return new HttpListener.Limits(
                "console",
                THREADS,
                MAX_CONNECTIONS,
                REQUESTS_OF_A_CONNECTION,
                patience.longestHead,
                patience.longestRequest);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the timer
    private static ScheduledExecutorService timer(History history) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("console-timer").factory());
        timer.scheduleAtFixedRate(() -> sample(history), 0, History.STEP.toMillis(), TimeUnit.MILLISECONDS);
        return timer;
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
        return listener.port();
    }

    /** For people to open. */
    public String url() {
        return "http://" + host + ":" + port();
    }

    @Override
    public void close() {
        listener.close();
        renderer.close();
        timer.shutdownNow();
        topics.close();
    }
}
