package dev.penstock.dispatch;

import dev.penstock.config.DispatchConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.dispatch.CallState.Dispatched;
import dev.penstock.dispatch.CallState.Waiting;
import dev.penstock.dispatch.DispatchDecision.Await;
import dev.penstock.dispatch.DispatchDecision.CallAgain;
import dev.penstock.dispatch.DispatchDecision.Doubt;
import dev.penstock.dispatch.DispatchDecision.InDoubtFrom;
import dev.penstock.dispatch.DispatchDecision.Late;
import dev.penstock.dispatch.DispatchDecision.OnDoubt;
import dev.penstock.dispatch.DispatchDecision.OnOutcome;
import dev.penstock.dispatch.DispatchDecision.OnStart;
import dev.penstock.dispatch.DispatchDecision.Requeue;
import dev.penstock.dispatch.DispatchDecision.Settle;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Outcome;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides who repeats a call, and what an outcome means. */
final class DispatchPolicy {

    private final DispatchConfig config;
    private final Duration callTimeout;
    private final Owner self;

    /**
     * @param callTimeout how long a provider may take in all
     * @param self this instance and run
     */
    DispatchPolicy(DispatchConfig config, Duration callTimeout, Owner self) {
        this.config = config;
        this.callTimeout = callTimeout;
        this.self = self;
    }

    Owner self() {
        return self;
    }

    /** The state of a call that is handed over now. */
    Dispatched dispatched(CallEntry entry, Instant now) {
        Instant within = now.plus(config.startWithin());
        Instant deadline = entry.ticket().deadline();
        Instant startBy = deadline.isBefore(within) ? deadline : within;
        return new Dispatched(self, startBy, startBy.plus(timeout(entry, now)));
    }

    /** How long the provider may take: its own limit, inside the request's deadline. */
    Duration timeout(CallEntry entry, Instant now) {
        Duration left = Duration.between(now, entry.ticket().deadline());
        return left.compareTo(callTimeout) < 0 ? left : callTimeout;
    }

    boolean isOverdue(CallEntry entry, Instant now) {
        return !entry.ticket().deadline().isAfter(now);
    }

    Verdict overdue(CallEntry entry) {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_DEADLINE,
                entry.dispatches(),
                entry.lost() == 0
                        ? "deadline passed before the call was made"
                        : "deadline passed after " + entry.lost() + " call(s) were lost");
    }

    Verdict tooLarge(CallEntry entry) {
        return Verdict.Failure.of(
                DeadLetterCode.DISPATCH_ENTRY_TOO_LARGE,
                entry.dispatches(),
                "request: " + entry.original().length + " bytes and its metadata (expected: at most "
                        + RecordSizes.MAX_STORED_BYTES + " as stored)");
    }

    /**
     * An entry found when a task starts. A call of this run that the runner does not hold never left: its transaction was
     * committed, but the commit's answer was lost, and with it the outbox.
     */
    OnStart onStart(CallEntry entry, boolean held) {
        return switch (entry.state()) {
            case Waiting waiting -> new Requeue();
            case Dispatched dispatched -> onStart(dispatched, held);
        };
    }

    private OnStart onStart(Dispatched dispatched, boolean held) {
        Owner owner = dispatched.owner();
        if (owner.equals(self)) {
            return held ? new Await() : new Requeue();
        }
        boolean ownEarlierRun = owner.instance().equals(self.instance());
        return new InDoubtFrom(
                ownEarlierRun ? Instant.EPOCH : dispatched.leaseUntil().plus(config.leaseSkew()));
    }

    /** The first outcome wins; an older dispatch may win too, if it was given up as lost and answers after all. */
    OnOutcome onOutcome(@Nullable CallEntry entry, Outcome outcome) {
        if (entry == null) {
            return new Late();
        }
        boolean current = entry.dispatches() == outcome.attempt() && entry.state() instanceof Dispatched;
        return switch (outcome.kind()) {
            case ANSWERED -> new Settle(answer(outcome));
            case FAILED -> current ? new Settle(failure(outcome)) : new Late();
            case NOT_SENT, PARKED -> current ? new Requeue() : new Late();
            case LOST -> current ? new Doubt() : new Late();
        };
    }

    OnDoubt onDoubt(CallEntry entry, Instant now) {
        if (entry.ticket().inDoubt() == InDoubtPolicy.FAIL) {
            return new Settle(inDoubt(entry, "the call may have been made, and in_doubt is fail"));
        }
        if (entry.lost() >= config.inDoubtMaxRetries()) {
            return new Settle(inDoubt(
                    entry,
                    "calls lost: " + (entry.lost() + 1) + " (expected: at most " + config.inDoubtMaxRetries() + ")"));
        }
        return isOverdue(entry, now) ? new Settle(overdue(entry)) : new CallAgain();
    }

    private static Verdict inDoubt(CallEntry entry, String detail) {
        return Verdict.Failure.of(DeadLetterCode.DISPATCH_IN_DOUBT, entry.dispatches(), detail);
    }

    private static Verdict answer(Outcome outcome) {
        Outcome.Answer answer = Objects.requireNonNull(outcome.answer());
        return new Verdict.Answer(
                answer.statusCode(),
                answer.providerRequestId(),
                answer.body(),
                outcome.provider(),
                outcome.model(),
                outcome.tier(),
                outcome.attempts(),
                outcome.usage(),
                outcome.startedAt(),
                outcome.endedAt());
    }

    private static Verdict failure(Outcome outcome) {
        Outcome.Failure failure = Objects.requireNonNull(outcome.failure());
        return Verdict.Failure.of(failure.code(), outcome.attempts().size(), failure.detail());
    }
}
