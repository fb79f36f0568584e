package dev.penstock.dispatch;

import dev.penstock.config.TargetConfig;
import dev.penstock.dispatch.AttemptChoice.Choice;
import dev.penstock.dispatch.RunnerOutcomes.Tried;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.work.CallTrace;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.PromptFitting.Fit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works one launch off, on its own thread: attempt after attempt, as long as nothing may have been billed and no wait is
 * long. Whatever happens, it comes to one outcome. What may have been billed must be charged, durably, before the next
 * attempt; so that goes back to the task.
 */
final class CallAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(CallAttempts.class);

    private static final String ANSWERED = "ok";

    /** Failures that say that this target cannot be given the request, and nothing of others. */
    private static final Set<DeadLetterCode> OF_THE_TARGET = EnumSet.of(
            DeadLetterCode.PROVIDER_UNTRANSLATABLE,
            DeadLetterCode.PROVIDER_REQUEST_TOO_LARGE,
            DeadLetterCode.TRIMMING_CANNOT_FIT);

    private final AttemptChoice choice;
    private final Map<String, TargetConfig> targets;
    private final AttemptTimeouts timeouts;
    private final RunnerOutcomes outcomes;
    private final PromptFitting fitting;
    private final Duration longestWait;
    private final CallTrace trace;
    private final InstantSource clock;

    /**
     * @param longestWait a wait longer than this gives the permit back
     * @param trace says what the attempts are part of
     */
    CallAttempts(
            AttemptChoice choice,
            Map<String, TargetConfig> targets,
            PromptFitting fitting,
            Duration longestWait,
            CallTrace trace,
            InstantSource clock) {
        this.trace = trace;
        this.fitting = fitting;
        this.choice = choice;
        this.targets = Map.copyOf(targets);
        this.timeouts = new AttemptTimeouts(targets);
        this.outcomes = new RunnerOutcomes(targets, clock);
        this.longestWait = longestWait;
        this.clock = clock;
    }

    Outcome notSent(Launch launch) {
        return outcomes.notSent(launch);
    }

    /**
     * Works a launch off. What it still holds when this returns or throws is the caller's to give back.
     *
     * @param place for its first attempt
     * @param mayGoOn whether another attempt may start: the task is still here, and nobody drains
     */
    Outcome work(Launch launch, HeldPlace place, BooleanSupplier mayGoOn) {
        List<AttemptReport> reports = new ArrayList<>();
        Prompts prompts = new Prompts(fitting, launch);
        String target = launch.state().target();
        while (true) {
            Instant startedAt = clock.instant();
            @Nullable ProviderReply reply = attempt(launch, target, place, prompts, startedAt);
            reports.add(report(target, reply, startedAt));
            Tried tried = new Tried(target, startedAt, reports, prompts.trimmedTokens());
            if (reply == null) {
                return outcomes.lost(launch, tried);
            }
            if (reply instanceof ProviderReply.Answered answered) {
                return outcomes.answered(launch, tried, answered);
            }
            ProviderReply.Failed failed = (ProviderReply.Failed) reply;
            if (failed.possiblyBilled()) {
                return outcomes.failed(launch, tried, failed);
            }
            Next shorter = mayGoOn.getAsBoolean() ? shorter(launch, tried, failed, prompts, place) : null;
            Next next = shorter == null ? next(launch, tried, failed, place, mayGoOn) : shorter;
            switch (next) {
                case Next.Ended ended -> {
                    return ended.outcome();
                }
                case Next.Went went -> target = went.target();
            }
        }
    }

    /** What follows a failed attempt. */
    private sealed interface Next {

        /** One more, at a target where its place is taken. */
        record Went(String target) implements Next {}

        record Ended(Outcome outcome) implements Next {}
    }

    /** One more place at a target that refused the prompt as too long, if it can be shortened; null if not. */
    private @Nullable Next shorter(
            Launch launch, Tried tried, ProviderReply.Failed failed, Prompts prompts, HeldPlace place) {
        String target = tried.target();
        if (failed.code() != DeadLetterCode.PROVIDER_CONTEXT_LENGTH
                || !prompts.shorten(Objects.requireNonNull(targets.get(target)))) {
            return null;
        }
        Instant now = clock.instant();
        Choice chosen = choiceFor(launch)
                .choose(
                        target,
                        List.of(target),
                        launch.progress().attempts(),
                        launch.tokens(),
                        launch.ticket().deadline(),
                        now);
        return chosen instanceof Choice.Go go ? went(launch, tried, failed, go, place) : null;
    }

    private Next next(
            Launch launch, Tried tried, ProviderReply.Failed failed, HeldPlace place, BooleanSupplier mayGoOn) {
        Progress progress = launch.progress().with(outcomes.parked(launch, tried, failed, clock.instant()));
        List<String> chain = progress.usable(launch.route().chain());
        boolean othersUnderstand = OF_THE_TARGET.contains(failed.code()) && !chain.isEmpty();
        Choice chosen = othersUnderstand
                ? new Choice.Later(clock.instant(), null, null)
                : choiceFor(launch)
                        .afterFailure(
                                chain,
                                failed.failureClass(),
                                progress.attempts(),
                                launch.ticket().deadline(),
                                clock.instant());
        while (chosen instanceof Choice.Later later && !later.endsRound() && waited(later.due())) {
            if (!mayGoOn.getAsBoolean()) {
                return ended(outcomes.parked(launch, tried, failed, clock.instant()));
            }
            chosen = choiceFor(launch)
                    .choose(
                            chain,
                            progress.attempts(),
                            launch.tokens(),
                            launch.ticket().deadline(),
                            clock.instant());
            if (chosen instanceof Choice.Later again && !again.due().isAfter(clock.instant())) {
                return ended(outcomes.parked(launch, tried, failed, again.due()));
            }
        }
        return switch (chosen) {
            case Choice.Go go -> went(launch, tried, failed, go, place);
            case Choice.Later later -> ended(outcomes.parked(launch, tried, failed, later.due()));
            case Choice.GiveUp giveUp -> ended(outcomes.failed(launch, tried, failed));
        };
    }

    private AttemptChoice choiceFor(Launch launch) {
        return choice.forTask(launch.partition()).of(launch.ticket().tenant());
    }

    /** An attempt that could outlast the lease is not begun: another instance may hold the call for lost by then. */
    private Next went(Launch launch, Tried tried, ProviderReply.Failed failed, Choice.Go go, HeldPlace place) {
        place.take(go.lease());
        Instant now = clock.instant();
        Duration timeout = timeouts.of(
                launch.request(), launch.route(), go.target(), launch.ticket().deadline(), now);
        if (now.plus(timeout).isAfter(launch.state().leaseUntil())) {
            return ended(outcomes.parked(launch, tried, failed, now));
        }
        return new Next.Went(go.target());
    }

    private static Next ended(Outcome outcome) {
        return new Next.Ended(outcome);
    }

    /** @return false if the wait is too long, or was cut short */
    private boolean waited(Instant until) {
        Duration wait = Duration.between(clock.instant(), until);
        if (wait.compareTo(longestWait) > 0) {
            return false;
        }
        try {
            if (wait.isPositive()) {
                Thread.sleep(wait);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * An outcome for a launch whose own could not be made or handed over: it may have been billed.
     *
     * @param why what was thrown
     */
    Outcome broken(Launch launch, Throwable why) {
        return outcomes.failed(
                launch, Tried.nothing(launch, clock.instant()), (ProviderReply.Failed) brokenBy(launch, why));
    }

    /** Null if the call was cut short by the end of the process: nobody knows what became of it. */
    private @Nullable ProviderReply attempt(
            Launch launch, String target, HeldPlace place, Prompts prompts, Instant now) {
        try {
            TargetConfig config = Objects.requireNonNull(targets.get(target));
            Duration timeout = timeouts.of(
                    launch.request(), launch.route(), target, launch.ticket().deadline(), now);
            if (timeout.isNegative() || timeout.isZero()) {
                return tooLate();
            }
            return switch (prompts.next(config)) {
                case Fit.Sendable sendable -> {
                    ProviderCall call = new ProviderCall(
                            launch.idempotencyKey(),
                            launch.ticket().tenant(),
                            launch.request().url(),
                            sendable.body(),
                            timeout,
                            timeouts.usual(launch.route(), target),
                            trace.of(launch.ticket().origin()));
                    yield place.call(call);
                }
                case Fit.CannotFit cannot -> cannotFit(cannot.detail());
            };
        } catch (InterruptedException e) {
            return null;
        } catch (RuntimeException | Error e) {
            return brokenBy(launch, e);
        } finally {
            place.close();
        }
    }

    private static ProviderReply cannotFit(String detail) {
        return new ProviderReply.Failed(
                FailureClass.PERMANENT, DeadLetterCode.TRIMMING_CANNOT_FIT, null, false, null, detail, null);
    }

    private static ProviderReply tooLate() {
        return new ProviderReply.Failed(
                FailureClass.TRANSIENT,
                DeadLetterCode.DISPATCH_DEADLINE,
                null,
                false,
                null,
                "deadline passed before the attempt was made",
                null);
    }

    private static ProviderReply brokenBy(Launch launch, Throwable e) {
        // The message may quote the prompt; the type and place do not.
        LOG.atError()
                .addKeyValue("request_id", launch.ticket().id())
                .addKeyValue("exception", e.getClass().getName())
                .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
                .log("the provider code failed; the call counts as cut");
        return new ProviderReply.Failed(
                FailureClass.UNKNOWN,
                DeadLetterCode.PROVIDER_CUT,
                null,
                true,
                null,
                "the call failed inside the pipeline: " + e.getClass().getSimpleName(),
                null);
    }

    private AttemptReport report(String target, @Nullable ProviderReply reply, Instant startedAt) {
        String outcome = reply == null
                ? Progress.LOST
                : switch (reply) {
                    case ProviderReply.Answered answered -> ANSWERED;
                    case ProviderReply.Failed failed -> failed.code().reason();
                };
        return new AttemptReport(
                target, outcome, Duration.between(startedAt, clock.instant()).toMillis());
    }
}
