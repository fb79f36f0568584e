package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that goes on where another one is set back. Resilience4j's window of time moves on by a second with every call
 * while the clock is behind it, so it would never hold enough calls again. Safe for any number of threads.
 */
final class ForwardClock implements InstantSource {

    private final InstantSource source;
    private Instant last;
    /** How far this one is ahead. */
    private Duration ahead = Duration.ZERO;

    ForwardClock(InstantSource source) {
        this.source = source;
        this.last = source.instant();
    }

    @Override
    public synchronized Instant instant() {
        Instant now = source.instant();
        if (now.isBefore(last)) {
            ahead = ahead.plus(Duration.between(now, last));
        }
        last = now;
        return now.plus(ahead);
    }
}
