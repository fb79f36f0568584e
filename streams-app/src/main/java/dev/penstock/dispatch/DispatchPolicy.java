package dev.penstock.dispatch;

import dev.penstock.config.DispatchConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.config.RetryConfig;
import dev.penstock.dispatch.CallState.Dispatched;
import dev.penstock.dispatch.CallState.Waiting;
import dev.penstock.dispatch.DispatchDecision.CallAgain;
import dev.penstock.dispatch.DispatchDecision.Doubt;
import dev.penstock.dispatch.DispatchDecision.Failed;
import dev.penstock.dispatch.DispatchDecision.InDoubtFrom;
import dev.penstock.dispatch.DispatchDecision.Late;
import dev.penstock.dispatch.DispatchDecision.OnDoubt;
import dev.penstock.dispatch.DispatchDecision.OnOutcome;
import dev.penstock.dispatch.DispatchDecision.OnStart;
import dev.penstock.dispatch.DispatchDecision.Requeue;
import dev.penstock.dispatch.DispatchDecision.Rest;
import dev.penstock.dispatch.DispatchDecision.Settle;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Outcome;
import dev.penstock.work.Reservations;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides who repeats a call, and what an outcome means. */
final class DispatchPolicy {

    /** Short waits that a runner may add to its attempts before it gives the call back. */
    private static final int WAITS = 3;

    private final DispatchConfig config;
    private final RetryConfig retry;
    private final Owner self;

    /**
     * @param retry how long runners wait between attempts, and how many there are
     * @param self this instance and run
     */
    DispatchPolicy(DispatchConfig config, RetryConfig retry, Owner self) {
        this.config = config;
        this.retry = retry;
        this.self = self;
    }

    Owner self() {
        return self;
    }

    /**
     * The state of a call that is handed over now. Its lease ends with its deadline at the latest, as its attempts do.
     *
     * @param target where its first attempt goes
     * @param attemptTimeout the longest that any of its attempts may take
     */
    Dispatched dispatched(CallEntry entry, String target, Duration attemptTimeout, Instant now) {
        Instant within = now.plus(config.startWithin());
        Instant deadline = entry.ticket().deadline();
        Instant startBy = deadline.isBefore(within) ? deadline : within;
        Instant ended = startBy.plus(attemptTimeout).plus(retry.longestWait().multipliedBy(WAITS));
        return new Dispatched(self, target, startBy, deadline.isBefore(ended) ? deadline : ended);
    }

    boolean isOverdue(CallEntry entry, Instant now) {
        return !entry.ticket().deadline().isAfter(now);
    }

    /** A call that its tenant's budgets do not let out. */
    static Verdict denied(CallEntry entry, Reservations.Answer.Denied denied) {
        return Verdict.Failure.denied(denied.code(), attempts(entry), denied.detail(), denied.resetsAt());
    }

    Verdict overdue(CallEntry entry) {
        return Verdict.Failure.of(DeadLetterCode.DISPATCH_DEADLINE, attempts(entry), "deadline passed " + after(entry));
    }

    private static String after(CallEntry entry) {
        DeadLetterCode last = entry.progress().lastFailure();
        if (last != null) {
            return "after " + entry.progress().made() + " attempt(s), the last one: " + last.code();
        }
        return entry.lost() == 0 ? "before the call was made" : "after " + entry.lost() + " call(s) were lost";
    }

    /** Attempts that were made for the call; a dispatch that was lost counts as one. */
    private static int attempts(CallEntry entry) {
        return entry.progress().made();
    }

    Verdict tooLarge(CallEntry entry) {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_ENTRY_TOO_LARGE,
                attempts(entry),
                "request: " + entry.bytes() + " bytes and its metadata (expected: at most "
                        + RecordSizes.MAX_STORED_BYTES + " as stored)");
    }

    /**
     * An entry found when a task starts. A call of this run that the runner does not hold, and has not forgotten, never left:
     * its transaction was committed, but the commit's answer was lost, and with it the outbox.
     *
     * @param mayHaveLeft if it is a call of this run: whether the runner holds it or may have forgotten it
     */
    OnStart onStart(CallEntry entry, boolean mayHaveLeft) {
        return switch (entry.state()) {
            case Waiting waiting -> new Requeue(waiting.due());
            case Dispatched dispatched -> onStart(dispatched, mayHaveLeft);
        };
    }

    private OnStart onStart(Dispatched dispatched, boolean mayHaveLeft) {
        Owner owner = dispatched.owner();
        if (owner.equals(self)) {
            return mayHaveLeft ? new InDoubtFrom(leaseIsOver(dispatched)) : new Requeue(Instant.EPOCH);
        }
        boolean ownEarlierRun = owner.instance().equals(self.instance());
        return new InDoubtFrom(ownEarlierRun ? Instant.EPOCH : leaseIsOver(dispatched));
    }

    /** From this time on, a dispatched call whose outcome is not there is in doubt: nobody works on it any more. */
    Instant leaseIsOver(Dispatched dispatched) {
        return dispatched.leaseUntil().plus(config.leaseSkew());
    }

    /** The first outcome wins; an older dispatch may win too, if it was given up as lost and answers after all. */
    OnOutcome onOutcome(@Nullable CallEntry entry, Outcome outcome) {
        if (entry == null) {
            return new Late();
        }
        boolean current = entry.dispatches() == outcome.attempt() && entry.state() instanceof Dispatched;
        return switch (outcome.kind()) {
            case ANSWERED -> new Settle(answer(entry, outcome));
            case FAILED -> current ? new Failed(Objects.requireNonNull(outcome.failure())) : new Late();
            case PARKED -> current ? new Rest(Objects.requireNonNull(outcome.notBefore())) : new Late();
            case NOT_SENT -> current ? new Requeue(Instant.EPOCH) : new Late();
            case LOST -> current ? new Doubt() : new Late();
        };
    }

    /**
     * What becomes of a call of which nobody knows whether it was made.
     *
     * @param entry with that call counted as lost, and as one that may have been billed
     */
    OnDoubt onDoubt(CallEntry entry, Instant now) {
        if (entry.ticket().inDoubt() == InDoubtPolicy.FAIL) {
            return new Settle(inDoubt(entry, "the call may have been made, and in_doubt is fail"));
        }
        if (entry.lost() >= config.maxLost()) {
            return new Settle(lost(entry, "dispatch.in_doubt.max_lost: " + config.maxLost()));
        }
        if (entry.progress().attempts().possiblyBilled() >= retry.maxBilledAttempts()) {
            return new Settle(lost(entry, billedAtMost()));
        }
        return isOverdue(entry, now) ? new Settle(overdue(entry)) : new CallAgain();
    }

    private static Verdict lost(CallEntry entry, String bound) {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_LOST,
                attempts(entry),
                "calls lost: " + entry.lost() + "; no further attempt is allowed (" + bound + ")");
    }

    private String billedAtMost() {
        return "retry.max_billed_attempts: " + retry.maxBilledAttempts();
    }

    private static Verdict inDoubt(CallEntry entry, String detail) {
        return Verdict.Failure.of(DeadLetterCode.DISPATCH_IN_DOUBT, attempts(entry), detail);
    }

    private static Verdict answer(CallEntry entry, Outcome outcome) {
        Outcome.Answer answer = Objects.requireNonNull(outcome.answer());
        return new Verdict.Answer(
                answer.statusCode(),
                answer.providerRequestId(),
                answer.body(),
                outcome.provider(),
                outcome.model(),
                outcome.tier(),
                entry.progress().all(outcome.attempts()),
                outcome.usage(),
                null,
                null,
                outcome.startedAt(),
                outcome.endedAt(),
                null,
                entry.route().reason(),
                outcome.trimmedTokens() == 0 ? null : outcome.trimmedTokens());
    }

    /** What the last failure of a call comes to when nothing more is tried: one that the deadline cut says nothing of the call. */
    Verdict givenUp(CallEntry entry, Outcome.Failure failure, Instant now) {
        return failure.failureClass() != FailureClass.PERMANENT && isOverdue(entry, now)
                ? overdue(entry)
                : Verdict.Failure.of(failure.code(), attempts(entry), failure.detail());
    }

    /**
     * A call that has had as many attempts that may have been billed as it may have, found when its turn came: the bound
     * was lowered, or reached by a loss after other failures.
     */
    Verdict nothingLeft(CallEntry entry) {
        DeadLetterCode last = entry.progress().lastFailure();
        return last == null
                ? lost(entry, billedAtMost())
                : Verdict.Failure.of(last, attempts(entry), "no further attempt is allowed (" + billedAtMost() + ")");
    }

    /** A call whose targets another configuration has taken away. */
    Verdict noTarget(CallEntry entry) {
        return Verdict.Failure.of(
                DeadLetterCode.TIERING_NO_TARGET,
                attempts(entry),
                "targets: " + String.join(", ", entry.route().chain()) + " (expected: one that is configured)");
    }
}
