package dev.penstock.fake;

import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A running fake provider. */
public final class FakeProvider implements AutoCloseable {

    /** Ten thousand callers may connect at once; the kernel cuts this to its own limit. */
    private static final int ACCEPT_BACKLOG = 16_384;

    private static final String CHAT_COMPLETIONS = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";
    private static final long MAX_REQUEST_BYTES = 64L * 1024 * 1024;

    private final WebServer server;
    private final Planner planner;
    private final CallLog log;
    private final @Nullable CallFile file;
    private final CountDownLatch closing;
    private final String host;

    private FakeProvider(
            WebServer server,
            Planner planner,
            CallLog log,
            @Nullable CallFile file,
            CountDownLatch closing,
            String host) {
        this.server = server;
        this.planner = planner;
        this.log = log;
        this.file = file;
        this.closing = closing;
        this.host = host;
    }

    /**
     * Listens once this returns.
     *
     * @throws IOException if the call log's file cannot be opened
     */
    public static FakeProvider start(FakeProviderSettings settings) throws IOException {
        InstantSource clock = InstantSource.system();
        CallFile file = settings.callLog() == null ? null : CallFile.open(settings.callLog(), settings.fsync());
        CallLog log = new CallLog(clock, settings.keptCalls(), file);
        Planner planner = new Planner(settings.script(), clock);
        CountDownLatch closing = new CountDownLatch(1);
        Replies replies = new Replies(closing);
        HttpRouting.Builder routing = HttpRouting.builder()
                .post(CHAT_COMPLETIONS, new CallHandler(new ChatApi(), planner, log, replies, clock))
                .post(MESSAGES, new CallHandler(new MessagesApi(), planner, log, replies, clock))
                .register(new ControlHandler(planner, log));
        return new FakeProvider(listen(settings, routing), planner, log, file, closing, settings.host());
    }

    private static WebServer listen(FakeProviderSettings settings, HttpRouting.Builder routing) {
        return WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .backlog(ACCEPT_BACKLOG)
                .maxPayloadSize(MAX_REQUEST_BYTES)
                .idleConnectionTimeout(Duration.ofHours(1))
                .shutdownGracePeriod(Duration.ofMillis(100))
                .shutdownHook(false)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .routing(routing)
                .build()
                .start();
    }

    /** The port it took. */
    public int port() {
        return server.port();
    }

    /** Where OpenAI's chat completions are served. */
    public URI chatUrl() {
        return baseUrl().resolve(CHAT_COMPLETIONS);
    }

    /** Where Anthropic's Messages API is served. */
    public URI messagesUrl() {
        return baseUrl().resolve(MESSAGES);
    }

    /** As a base URL for clients of either API. */
    public URI baseUrl() {
        return URI.create("http://" + host + ":" + port());
    }

    public CallLog callLog() {
        return log;
    }

    /** From the next call on. */
    public void follow(FakeScript script) {
        planner.follow(script);
    }

    /** Ends calls that hang or are held, too. The call log stays readable. */
    @Override
    public void close() {
        closing.countDown();
        planner.close();
        server.stop();
        if (file != null) {
            file.close();
        }
    }
}
