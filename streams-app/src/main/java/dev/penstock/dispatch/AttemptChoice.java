package dev.penstock.dispatch;

import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Availability;
import dev.penstock.provider.Entry;
import dev.penstock.provider.Lease;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Chooses the next attempt of a call and takes a place for it: the plan says where, the target whether. Safe for all threads. */
final class AttemptChoice {

    /** What comes next. */
    sealed interface Choice {

        /** A place was taken: call it or cancel it. */
        record Go(String target, Lease lease) implements Choice {}

        /** Ask again at that time. */
        record Wait(Instant until) implements Choice {}

        /** Let it rest until then; its attempts are counted anew if that is long. */
        record Park(Instant due) implements Choice {}

        /** Nothing more is to be tried. */
        record GiveUp() implements Choice {}
    }

    private final AttemptPlan plan;
    private final Targets targets;
    private final DoubleSupplier random;

    AttemptChoice(AttemptPlan plan, Targets targets) {
        this(plan, targets, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random draws from [0, 1) for jitter */
    AttemptChoice(AttemptPlan plan, Targets targets, DoubleSupplier random) {
        this.plan = plan;
        this.targets = targets;
        this.random = random;
    }

    /**
     * @param chain names of targets
     * @param progress what was tried so far, the last failure included
     * @param last why the last attempt failed; null if there was none, or if it has rested since
     * @param tokens that the call will use at most, for the token rate
     * @param deadline no attempt starts at it or later
     */
    Choice choose(
            List<String> chain,
            Progress progress,
            Outcome.@Nullable Failure last,
            long tokens,
            Instant deadline,
            Instant now) {
        List<AttemptPlan.Candidate> candidates = candidates(chain, progress, now);
        double jitter = random.getAsDouble();
        for (int tries = 0; tries <= chain.size(); tries++) {
            AttemptPlan.Step step =
                    plan.next(last, candidates, progress.rounds(), progress.billed(), now, deadline, jitter);
            Choice choice = taken(step, candidates, tokens, now);
            if (choice != null) {
                return choice;
            }
        }
        return new Choice.Park(now);
    }

    private List<AttemptPlan.Candidate> candidates(List<String> chain, Progress progress, Instant now) {
        List<AttemptPlan.Candidate> candidates = new ArrayList<>();
        for (String target : chain) {
            candidates.add(new AttemptPlan.Candidate(target, progress.inRound(target), targets.look(target, now)));
        }
        return candidates;
    }

    /** Null if the target has filled up or closed since it was looked at; its candidate says so from then on. */
    private @Nullable Choice taken(
            AttemptPlan.Step step, List<AttemptPlan.Candidate> candidates, long tokens, Instant now) {
        return switch (step) {
            case AttemptPlan.GiveUp giveUp -> new Choice.GiveUp();
            case AttemptPlan.Park park -> new Choice.Park(park.due());
            case AttemptPlan.Try attempt ->
                attempt.notBefore().isAfter(now)
                        ? new Choice.Wait(attempt.notBefore())
                        : entered(attempt.target(), candidates, tokens, now);
        };
    }

    private @Nullable Choice entered(
            String target, List<AttemptPlan.Candidate> candidates, long tokens, Instant now) {
        return switch (targets.enter(target, tokens, now)) {
            case Entry.Entered entered -> new Choice.Go(target, entered.lease());
            case Entry.NotNow notNow -> {
                candidates.replaceAll(candidate ->
                        candidate.target().equals(target) ? candidate.with(notNow.why()) : candidate);
                yield null;
            }
        };
    }

    /**
     * When a call whose attempt failed may be tried again; takes no place.
     *
     * @return anything but {@link Choice.Go}
     */
    Choice afterFailure(
            List<String> chain, Progress progress, Outcome.Failure last, Instant deadline, Instant now) {
        AttemptPlan.Step step = plan.next(
                last,
                candidates(chain, progress, now),
                progress.rounds(),
                progress.billed(),
                now,
                deadline,
                random.getAsDouble());
        return switch (step) {
            case AttemptPlan.GiveUp giveUp -> new Choice.GiveUp();
            case AttemptPlan.Park park -> new Choice.Park(park.due());
            case AttemptPlan.Try attempt -> new Choice.Wait(attempt.notBefore());
        };
    }

    /** Whether any target of the chain takes calls now. */
    Availability look(List<String> chain, Instant now) {
        Instant earliest = Instant.MAX;
        boolean busy = false;
        for (String target : chain) {
            switch (targets.look(target, now)) {
                case Availability.Open open -> {
                    return open;
                }
                case Availability.Busy full -> busy = true;
                case Availability.ClosedUntil closed ->
                    earliest = closed.until().isBefore(earliest) ? closed.until() : earliest;
            }
        }
        return busy ? new Availability.Busy() : new Availability.ClosedUntil(earliest);
    }
}
