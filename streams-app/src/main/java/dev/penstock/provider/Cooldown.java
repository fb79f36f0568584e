package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which nothing is let in. Extending it never shortens it: the later of two deadlines wins. A clock that is set
 * back does not make it longer than it was. Guarded by its owner.
 */
final class Cooldown {

    /** Threads read the clock before they get here; what looks like going back by less than this is only that. */
    private static final Duration CLOCK_NOISE = Duration.ofSeconds(1);

    private Instant since = Instant.EPOCH;
    private Instant until = Instant.EPOCH;

    /** @return by how much the end moves; zero if it was later already */
    Duration extend(Instant newUntil, Instant now) {
        Instant old = until(now);
        if (!newUntil.isAfter(old)) {
            return Duration.ZERO;
        }
        since = now;
        until = newUntil;
        return Duration.between(old.isAfter(now) ? old : now, newUntil);
    }

    /** When it ends; in the past if it is over. */
    Instant until(Instant now) {
        if (now.plus(CLOCK_NOISE).isBefore(since)) {
            until = now.plus(Duration.between(since, until));
            since = now;
        }
        return until;
    }

    boolean isOver(Instant now) {
        return !now.isBefore(until(now));
    }
}
