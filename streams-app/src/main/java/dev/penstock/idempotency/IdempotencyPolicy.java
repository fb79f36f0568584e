package dev.penstock.idempotency;

import dev.penstock.idempotency.IdempotencyDecision.Conflict;
import dev.penstock.idempotency.IdempotencyDecision.Duplicate;
import dev.penstock.idempotency.IdempotencyDecision.First;
import dev.penstock.idempotency.IdempotencyDecision.InFlight;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides what a request is to the requests before it. */
final class IdempotencyPolicy {

    private final Duration retention;

    /** @param retention how long a final verdict stands for duplicates, from the terminal on */
    IdempotencyPolicy(Duration retention) {
        this.retention = retention;
    }

    IdempotencyDecision decide(@Nullable KeyEntry entry, IdempotencyKey key, Instant now) {
        if (entry == null || isExpired(entry, now)) {
            return new First();
        }
        if (!entry.fingerprint().equals(key.fingerprint())) {
            return new Conflict(entry.leader());
        }
        return entry.expiresAt() == null ? new InFlight(entry.leader()) : new Duplicate(entry.leader());
    }

    /**
     * Whether a request starts anew although there is a verdict: a replay that was forced, and what may be called for although a
     * call may have been made. Never over an answer, which was paid for.
     */
    boolean startsAnew(boolean forced, InDoubtPolicy inDoubt, Verdict standing) {
        return switch (standing) {
            case Verdict.Answer answer -> false;
            case Verdict.Failure failure -> forced || (isInDoubt(failure) && inDoubt == InDoubtPolicy.RETRY);
        };
    }

    /**
     * Whether those who follow a request continue without it: neither its own deadline nor its own wish not to pay twice says
     * anything of theirs, nor of the call.
     */
    boolean handsOver(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> false;
            case Verdict.Failure failure -> failure.code() == DeadLetterCode.DISPATCH_DEADLINE || isInDoubt(failure);
        };
    }

    static boolean isInDoubt(Verdict verdict) {
        return verdict instanceof Verdict.Failure failure && failure.code() == DeadLetterCode.DISPATCH_IN_DOUBT;
    }

    /** Whether a request may be called for next under a key. */
    boolean mayLead(KeyEntry entry, InDoubtPolicy inDoubt) {
        return !entry.lost() || inDoubt == InDoubtPolicy.RETRY;
    }

    /** The end of whoever would rather fail than be called for again. */
    Verdict.Failure inDoubt() {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_IN_DOUBT,
                0,
                "a call for the same idempotency key may have been made, and in_doubt is fail");
    }

    /** A verdict given at the time given stands for retention from then on. */
    Instant expiryOf(Instant terminalAt) {
        return terminalAt.plus(retention);
    }

    boolean isExpired(KeyEntry entry, Instant now) {
        return entry.expiresAt() != null && !now.isBefore(entry.expiresAt());
    }
}
