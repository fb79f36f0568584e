package dev.penstock.fake;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A running fake provider. */
public final class FakeProvider implements AutoCloseable {

    private static final String CHAT_COMPLETIONS = "/v1/chat/completions";
    private static final String MESSAGES = "/v1/messages";

    private final HttpServer server;
    private final Planner planner;
    private final CallLog log;
    private final @Nullable CallFile file;
    private final CountDownLatch closing;
    private final String host;

    private FakeProvider(
            HttpServer server,
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
     * @throws BindException if the port is taken or the address is not ours
     * @throws IOException if the call log's file cannot be opened
     */
    public static FakeProvider start(FakeProviderSettings settings) throws IOException {
        InstantSource clock = InstantSource.system();
        CallFile file = settings.callLog() == null ? null : CallFile.open(settings.callLog(), settings.fsync());
        CallLog log = new CallLog(clock, settings.keptCalls(), file);
        Planner planner = new Planner(settings.script(), clock);
        CountDownLatch closing = new CountDownLatch(1);
        Replies replies = new Replies(closing);
        ControlHandler control = new ControlHandler(planner, log);
        Endpoints endpoints = new Endpoints(Map.of(
                "POST " + CHAT_COMPLETIONS,
                new CallHandler(new ChatApi(), planner, log, replies, clock),
                "POST " + MESSAGES,
                new CallHandler(new MessagesApi(), planner, log, replies, clock),
                "PUT /control",
                control::control,
                "GET /calls",
                control::calls));
        try {
            HttpServer server = HttpServer.start(settings.host(), settings.port(), endpoints);
            return new FakeProvider(server, planner, log, file, closing, settings.host());
        } catch (BindException refused) {
            if (file != null) {
                file.close();
            }
            throw refused;
        }
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
        server.close();
        if (file != null) {
            file.close();
        }
    }
}
