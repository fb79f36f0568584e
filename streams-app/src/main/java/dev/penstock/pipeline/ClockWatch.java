package dev.penstock.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Notices that the host's clock was set. Kafka's clients and Streams measure their pauses by it: set ahead, records on their
 * way count as too old; set back, nothing is committed until the old time has come again. So an instance ends then, and is
 * started again by the time that holds now.
 *
 * <p>Compares the clock with one that nobody sets. A clock that is corrected little by little is followed.
 */
final class ClockWatch implements AutoCloseable {

    /** Far above what corrects itself within the clients' own patience, far below a session or a lease. */
    static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final LongSupplier clockMillis;
    private final LongSupplier steadyNanos;
    private final Consumer<Duration> onSet;
    private final OnceASecond looks = new OnceASecond("clock-watch", this::look);
    private long offset;

    /**
     * @param clockMillis the host's clock
     * @param steadyNanos a clock that only goes forward, from any origin
     * @param onSet is told by how much the clock was set; negative if it was set back
     */
    ClockWatch(LongSupplier clockMillis, LongSupplier steadyNanos, Consumer<Duration> onSet) {
        this.clockMillis = clockMillis;
        this.steadyNanos = steadyNanos;
        this.onSet = onSet;
        this.offset = offset();
    }

    /** Looks once a second from now on. */
    void start() {
        looks.start();
    }

    void look() {
        long before = offset;
        offset = offset();
        Duration difference = Duration.ofMillis(offset - before);
        if (difference.abs().compareTo(TOLERANCE) > 0) {
            onSet.accept(difference);
        }
    }

    private long offset() {
        return clockMillis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(steadyNanos.getAsLong());
    }

    @Override
    public void close() {
        looks.close();
    }
}
