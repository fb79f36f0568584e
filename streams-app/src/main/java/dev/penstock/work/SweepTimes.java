package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;

/** When what has expired is deleted. Nobody is given it from its millisecond on; that it also goes can wait and be done in bulk. */
public final class SweepTimes {

    /** Time between two sweeps. */
    public static final Duration PERIOD = Duration.ofSeconds(10);

    private SweepTimes() {}

    /** The first sweep at or after an expiry. All tasks sweep at the same times, so that those of a thread share one transaction. */
    public static Instant after(Instant expiry) {
        long period = PERIOD.toMillis();
        return Instant.ofEpochMilli(
                Math.ceilDiv(DueTimes.wholeMillisecond(expiry).toEpochMilli(), period) * period);
    }
}
