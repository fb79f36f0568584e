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
    private final Suspects suspects = new Suspects();
    private long closings;
    private boolean oneAtATime;
    private Pass common = new Pass(0, Instant.EPOCH);
    private @Nullable Pass trial;

    /** @param patience how long one call may keep the others waiting */
    Gate(Duration patience) {
        this.patience = patience;
    }

    Availability look(@Nullable String tenant, Instant now) {
        suspects.seen(tenant, now);
        Instant until = opensFor(tenant, now);
        if (now.isBefore(until)) {
            return new Availability.ClosedUntil(until);
        }
        return trial == null || !now.isBefore(trial.since.plus(patience))
                ? new Availability.Open()
                : new Availability.Busy();
    }

    private Instant opensFor(@Nullable String tenant, Instant now) {
        if (suspects.mayTry(tenant, now)) {
            return Instant.EPOCH;
        }
        Instant opens = cooldown.until().plus(suspects.turn(tenant, now));
        Instant keptOut = suspects.keptOutUntil(tenant);
        return keptOut.isAfter(opens) ? keptOut : opens;
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
            if (suspects.opened(cooldown.until())) {
                cooldown.end();
            }
            common = new Pass(closings, Instant.EPOCH);
        }
    }

    /** Whether the call was sent after the gate last closed. */
    boolean isCurrent(Pass pass) {
        return pass.closings == closings;
    }

    /**
     * A call was turned away.
     *
     * @param tenant whose
     * @return by how much longer it is closed now
     */
    Duration close(Pass pass, String tenant, Instant until, Instant now) {
        suspects.failed(tenant);
        if (isCurrent(pass)) {
            closings++;
        }
        oneAtATime = true;
        return cooldown.extend(until, now);
    }

    /** It is closed whatever others ask for. */
    void holdsForAll() {
        suspects.areAll();
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
