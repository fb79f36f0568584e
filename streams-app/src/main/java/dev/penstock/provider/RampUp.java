package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many calls at once a target gets after its breaker closed: as many as there were probes at first, more each moment,
 * then all. What waited during an outage would knock it over again. Guarded by its owner.
 */
final class RampUp {

    private final int first;
    private final int all;
    private final Duration length;
    private @Nullable Instant begun;

    RampUp(int first, int all, Duration length) {
        this.first = first;
        this.all = all;
        this.length = length;
    }

    void begin(Instant now) {
        begun = length.isZero() ? null : now;
    }

    /** Without a ramp there is no limit: how many a target gets is another's concern. */
    int limit(Instant now) {
        if (begun == null || !isRunning(now)) {
            return Integer.MAX_VALUE;
        }
        long part = (all - first) * Math.max(0, Duration.between(begun, now).toMillis()) / length.toMillis();
        return (int) Math.max(first, first + part);
    }

    boolean isRunning(Instant now) {
        if (begun != null && !now.isBefore(begun.plus(length))) {
            begun = null;
        }
        return begun != null;
    }
}
