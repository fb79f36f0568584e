package dev.penstock.idempotency;

import dev.penstock.idempotency.IdempotencyDecision.Conflict;
import dev.penstock.idempotency.IdempotencyDecision.Duplicate;
import dev.penstock.idempotency.IdempotencyDecision.First;
import dev.penstock.idempotency.IdempotencyDecision.InFlight;
import dev.penstock.schemas.DeadLetterCode;
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

    /** Whether a request starts anew although there is a verdict: only a replay that was forced, and never over an answer, which was paid for. */
    boolean startsAnew(boolean forced, Verdict standing) {
        return switch (standing) {
            case Verdict.Answer answer -> false;
            case Verdict.Failure failure -> forced;
        };
    }

    /** Whether those who follow a request go on without it: its own deadline says nothing of theirs, nor of the call. */
    boolean handsOver(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> false;
            case Verdict.Failure failure -> failure.code() == DeadLetterCode.DISPATCH_DEADLINE;
        };
    }

    /** A verdict given at the time given stands for retention from then on. */
    Instant expiryOf(Instant terminalAt) {
        return terminalAt.plus(retention);
    }

    boolean isExpired(KeyEntry entry, Instant now) {
        return entry.expiresAt() != null && !now.isBefore(entry.expiresAt());
    }
}
