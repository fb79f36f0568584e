package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Closed for a while after the provider turned a call away, then open for one call at a time until one succeeds: all that
 * waited would otherwise be turned away at once. Guarded by its owner.
 */
final class Gate {

    /** What a call that went through holds. Of those sent before the gate last closed, none says how things are now. */
    static final class Pass {
        private final long closings;
        private final Instant since;

        private Pass(long closings, Instant since) {
            this.closings = closings;
            this.since = since;
        }
    }

    private final Duration patience;
    private final Cooldown cooldown = new Cooldown();
    private long closings;
    private boolean oneAtATime;
    private Pass common = new Pass(0, Instant.EPOCH);
    private @Nullable Pass trial;

    /** @param patience how long one call may keep the others waiting */
    Gate(Duration patience) {
        this.patience = patience;
    }

    Availability look(Instant now) {
        Instant until = cooldown.until();
        if (now.isBefore(until)) {
            return new Availability.ClosedUntil(until);
        }
        return trial == null || !now.isBefore(trial.since.plus(patience))
                ? new Availability.Open()
                : new Availability.Busy();
    }

    /** Lets a call in that {@link #look} found open. */
    Pass enter(Instant now) {
        if (!oneAtATime) {
            return common;
        }
        trial = new Pass(closings, now);
        return trial;
    }

    /** The call is over or was never made. */
    void left(Pass pass) {
        if (trial == pass) {
            trial = null;
        }
    }

    void succeeded(Pass pass) {
        if (oneAtATime && isCurrent(pass)) {
            oneAtATime = false;
            common = new Pass(closings, Instant.EPOCH);
        }
    }

    /** Whether the call was sent after the gate last closed. */
    boolean isCurrent(Pass pass) {
        return pass.closings == closings;
    }

    /** @return by how much longer it is closed now */
    Duration close(Pass pass, Instant until, Instant now) {
        if (isCurrent(pass)) {
            closings++;
        }
        oneAtATime = true;
        return cooldown.extend(until, now);
    }

    Instant closedUntil() {
        return cooldown.until();
    }

    boolean isClosed(Instant now) {
        return !cooldown.isOver(now);
    }

    boolean isOneAtATime() {
        return oneAtATime;
    }
}
