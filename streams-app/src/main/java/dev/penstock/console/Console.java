package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an instance has for HTTP: the console, with metrics and the page, and a listener that has the probes alone and answers whatever goes on there. */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int MAX_CONNECTIONS = 256;
    private static final int REQUESTS_OF_A_CONNECTION = 100;
    private static final int MAX_ANSWERS_IN_THE_MAKING = 48;
    /** One accepts, one looks what can be read, two may read topics, four answer. */
    private static final int THREADS = 8;

    private static final int MAX_CONNECTIONS_OF_PROBES = 64;
    /** One accepts, one looks what can be read, two answer. */
    private static final int THREADS_OF_PROBES = 4;

    private final HttpListener listener;
    private final HttpListener probes;
    private final String host;
    private final OperatorTopics topics;
    private final Renderer renderer = new Renderer();
    private final ScheduledExecutorService timer;

    private Console(
            ConsoleConfig config, ConsoleSources sources, AccessToken token, Patience patience, InstantSource clock) {
        this.host = config.host();
        this.topics = sources.topics();
        Readings readings = new Readings(sources.metrics());
        History history = new History(readings);
        this.timer = timer(history);
        HostRule rule = new HostRule(config);
        Probes health = new Probes(sources.health());
        this.probes = new HttpListener(
                new HttpListener.Place("console.probes_port", host, config.probesPort()),
                patience.limits("console-probes", THREADS_OF_PROBES, MAX_CONNECTIONS_OF_PROBES, 1),
                new Guard(rule, health.addTo(new Routes())));
        StateJson state = new StateJson(sources, readings, history, token.isReadOnly());
        TopicReaders readers = new TopicReaders(timer, patience.longestRequest);
        SharedScrape scrape = new SharedScrape(sources.metrics()::scrape);
        Routes routes =
                health.addTo(new Routes()).get("/metrics", renderer.handler(request -> scrape.at(clock.instant())));
        PageFiles.addTo(routes);
        new ConsoleApi(state, topics, token, readers).addTo(routes, renderer);
        this.listener = new HttpListener(
                new HttpListener.Place("console.port", host, config.port()),
                patience.limits("console", THREADS, MAX_CONNECTIONS, REQUESTS_OF_A_CONNECTION),
                new Guard(rule, new Room(MAX_ANSWERS_IN_THE_MAKING, routes)));
    }

    /**
     * How long clients may take.
     *
     * @param longestHead for the head of a request
     * @param longestRequest for the rest, the answer included
     * @param slowest bytes per second; so slow they may be with an answer in addition
     */
    record Patience(Duration longestHead, Duration longestRequest, int slowest) {

        private static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30), 128 * 1024);

        private HttpListener.Limits limits(String name, int threads, int connections, int requests) {
            return new HttpListener.Limits(name, threads, connections, requests, longestHead, longestRequest, slowest);
        }
    }

    /**
     * Listens once this returns.
     *
     * @throws ConsoleStartException when a port is taken, the address is not ours or the token cannot be used
     */
    public static Console start(ConsoleConfig config, ConsoleSources sources) throws ConsoleStartException {
        return start(config, sources, Patience.USUAL, InstantSource.system());
    }

    /** @param clock by which a scrape is shared */
    static Console start(ConsoleConfig config, ConsoleSources sources, Patience patience, InstantSource clock)
            throws ConsoleStartException {
        Console console = new Console(config, sources, AccessToken.of(config.token()), patience, clock);
        try {
            console.probes.start();
            console.listener.start();
        } catch (ConsoleStartException refused) {
            console.stop();
            throw refused;
        }
        LOG.atInfo()
                .addKeyValue("url", console.url())
                .addKeyValue("probes", console.probesUrl())
                .log("console listening");
        return console;
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
        } catch (RuntimeException | Error failed) {
            LOG.warn("no sample for the page", failed);
        }
    }

    /** The port it took. */
    public int port() {
        return listener.port();
    }

    /** The port that has the probes alone. */
    public int probesPort() {
        return probes.port();
    }

    /** For people to open. */
    public String url() {
        return "http://" + host + ":" + port();
    }

    /** For machines that ask how the instance is. */
    public String probesUrl() {
        return "http://" + host + ":" + probesPort();
    }

    @Override
    public void close() {
        stop();
        topics.close();
    }

    private void stop() {
        listener.close();
        probes.close();
        renderer.close();
        timer.shutdownNow();
    }
}
