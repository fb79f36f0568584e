package dev.penstock.pipeline;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** How the transactions of an instance went. Written by stream threads, read by whoever scrapes. */
final class TransactionRecord {

    /** How long the longest is remembered: longer than it is between two scrapes. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private static final int PARTS = 4;

    private final LongAdder exhausted = new LongAdder();
    private final TimeWindowMax longest =
            new TimeWindowMax(Clock.SYSTEM, REMEMBERED.dividedBy(PARTS).toMillis(), PARTS);

    /** One refused a share of its thread's own work, for the first time. */
    void exhausted() {
        exhausted.increment();
    }

    /** One ended that was worked on for so long. */
    void ended(long nanos) {
        longest.record(nanos / 1e9);
    }

    /** How many refused a share of their thread's own work. */
    long exhaustedCount() {
        return exhausted.sum();
    }

    /** How long the longest that ended of late was worked on. */
    double longestSeconds() {
        return longest.poll();
    }
}
