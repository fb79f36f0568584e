package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which nothing is let in. Extending it never shortens it: the later of two deadlines wins. Guarded by its owner.
 */
final class Cooldown {

    private Instant until = Instant.EPOCH;

    /** @return by how much the end moves; zero if it was later already */
    Duration extend(Instant newUntil, Instant now) {
        if (!newUntil.isAfter(until)) {
            return Duration.ZERO;
        }
        Instant old = until;
        until = newUntil;
        return Duration.between(old.isAfter(now) ? old : now, newUntil);
    }

    /** It is over, whatever was asked for. */
    void end() {
        until = Instant.EPOCH;
    }

    /** When it ends; in the past if it is over. */
    Instant until() {
        return until;
    }

    boolean isOver(Instant now) {
        return !now.isBefore(until);
    }
}
