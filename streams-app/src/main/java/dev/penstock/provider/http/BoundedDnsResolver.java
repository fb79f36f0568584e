package dev.penstock.provider.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Name lookup with an end. The operating system's cannot be interrupted and may take minutes, so it runs on a thread of its
 * own, one for each name however many calls ask, and callers wait no longer than the connect timeout, nor than their call may
 * take.
 */
final class BoundedDnsResolver extends SystemDefaultDnsResolver {

    /** When the time of the call that this thread makes is up, on the clock of {@link System#nanoTime()}. */
    static final ScopedValue<Long> CALL_ENDS_NANOS = ScopedValue.newInstance();

    /** Needs no lookup. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    private final ConcurrentMap<String, FutureTask<InetAddress[]>> running = new ConcurrentHashMap<>();
    private final Duration timeout;
    private final Lookup lookup;

    /** The blocking lookup itself. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    BoundedDnsResolver(Duration timeout, Lookup lookup) {
        this.timeout = timeout;
        this.lookup = lookup;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        if (ADDRESS.matcher(host).matches()) {
            return InetAddress.getAllByName(host);
        }
        FutureTask<InetAddress[]> task = running.computeIfAbsent(host, this::start);
        try {
            return task.get(patienceNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw new UnknownHostException(host);
        }
    }

    private long patienceNanos() {
        long connect = timeout.toNanos();
        return CALL_ENDS_NANOS.isBound() ? Math.min(connect, CALL_ENDS_NANOS.get() - System.nanoTime()) : connect;
    }

    private FutureTask<InetAddress[]> start(String host) {
        FutureTask<InetAddress[]> task = new FutureTask<>(() -> lookup.resolve(host)) {
            @Override
            protected void done() {
                running.remove(host);
            }
        };
        Thread.ofPlatform().daemon().name("dns-lookup").start(task);
        return task;
    }
}
