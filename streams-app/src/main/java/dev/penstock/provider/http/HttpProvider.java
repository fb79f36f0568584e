package dev.penstock.provider.http;

import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.concurrent.Future;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.pool.PoolStats;

/** Calls an endpoint, one exchange a call, in the dialect that is spoken there. */
public final class HttpProvider implements Provider {

    private final ConnectionPool pool;
    private final Deadlines deadlines = new Deadlines();
    private final Dialect dialect;
    private final ReplyReader replies;
    private volatile boolean closed;

    public HttpProvider(HttpSettings settings, Dialect dialect, InstantSource clock) {
        this(settings, dialect, clock, InetAddress::getAllByName);
    }

    /** @param lookup finds the addresses of the provider's host */
    HttpProvider(HttpSettings settings, Dialect dialect, InstantSource clock, BoundedDnsResolver.Lookup lookup) {
        this.pool = new ConnectionPool(settings, lookup);
        this.dialect = dialect;
        this.replies = new ReplyReader(dialect, settings.maxAnswerBytes(), clock);
    }

    @Override
    public ProviderReply call(ProviderCall call) throws InterruptedException {
        throwIfInterrupted();
        if (closed) {
            return Failures.closed();
        }
        return switch (dialect.write(call)) {
            case Written.Untranslatable untranslatable -> Failures.untranslatable(untranslatable.detail());
            case Written.Message message -> send(call, message);
        };
    }

    private ProviderReply send(ProviderCall call, Written.Message message) throws InterruptedException {
        long endNanos = System.nanoTime() + call.timeout().toNanos();
        SentFlag sent = new SentFlag(endNanos);
        Exchange exchange = new Exchange(Envelope.request(call, message, sent), sent);
        Future<?> deadline = deadlines.after(call.timeout(), exchange::timeOut);
        try {
            return ScopedValue.where(BoundedDnsResolver.CALL_ENDS_NANOS, endNanos)
                    .call(() -> exchange(exchange));
        } catch (IOException | RuntimeException failure) {
            throwIfInterrupted();
            return Failures.of(failure, exchange, call.timeout());
        } finally {
            deadline.cancel(false);
        }
    }

    /** However it ends: what did not come to a proper end costs the connection. */
    private ProviderReply exchange(Exchange exchange) throws IOException {
        boolean connectionReusable = false;
        try {
            ReplyReader.Read read = replies.read(open(exchange));
            connectionReusable = read.connectionReusable();
            return read.reply();
        } finally {
            if (!connectionReusable) {
                exchange.abort();
            }
        }
    }

    /** Each turn closes one idle connection of the pool, and a new one has nothing left on it; the deadline ends this, too. */
    private ClassicHttpResponse open(Exchange exchange) throws IOException {
        while (true) {
            try {
                return pool.client().executeOpen(null, exchange.request(), null);
            } catch (LeftoverBytesException nothingWasWritten) {
                // the next one
            }
        }
    }

    /** How many connections are in use, for metrics and tests. A call that was ended at its deadline may still be counted for a moment. */
    public Connections connections() {
        PoolStats stats = pool.stats();
        return new Connections(stats.getLeased(), stats.getAvailable(), stats.getPending());
    }

    /**
     * @param leased in use by a call
     * @param idle open and free
     * @param waiting calls that wait for a connection
     */
    public record Connections(int leased, int idle, int waiting) {}

    @Override
    public void close() {
        closed = true;
        pool.close();
        deadlines.close();
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("provider call interrupted");
        }
    }
}
