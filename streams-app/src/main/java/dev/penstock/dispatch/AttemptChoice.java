package dev.penstock.dispatch;

import dev.penstock.provider.AttemptMetrics;
import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Attempts;
import dev.penstock.provider.Availability;
import dev.penstock.provider.Entry;
import dev.penstock.provider.Lease;
import dev.penstock.provider.Step;
import dev.penstock.provider.TargetView;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next attempt of a call of a task and takes a place for it: the plan says where, the target whether. Safe for
 * all threads.
 */
final class AttemptChoice {

    /** What comes next for a call whose turn it is. */
    sealed interface Choice {

        /** A place was taken: call it or cancel it. */
        record Go(String target, Lease lease) implements Choice {}

        /**
         * Not now.
         *
         * @param planned the target that the call waits for, if the plan has promised it an attempt there
         * @param reason why it waits; null if an attempt was promised, or a place was gone before it was taken
         */
        record Later(Instant due, @Nullable String planned, Step.@Nullable Reason reason) implements Choice {

            /** Whether its attempts are counted anew after the rest. */
            boolean endsRound() {
                return reason != null && reason.endsRound();
            }
        }

        /** Nothing more is to be tried. */
        record GiveUp() implements Choice {}
    }

    private static final int NO_TASK = -1;

    /** A rate that opens before the time that is known is found open after that time at the latest. */
    private static final Duration RATES_ARE_ASKED = Duration.ofSeconds(1);

    private final AttemptPlan plan;
    private final Targets targets;
    private final AttemptMetrics metrics;
    private final DoubleSupplier random;
    private final int task;
    /** Null while it is not known whose call goes. */
    private final @Nullable String tenant;

    /** For calls of no task in particular. */
    AttemptChoice(AttemptPlan plan, Targets targets, AttemptMetrics metrics) {
        this(plan, targets, metrics, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random draws from [0, 1) for jitter */
    AttemptChoice(AttemptPlan plan, Targets targets, AttemptMetrics metrics, DoubleSupplier random) {
        this(plan, targets, metrics, random, NO_TASK, null);
    }

    private AttemptChoice(
            AttemptPlan plan,
            Targets targets,
            AttemptMetrics metrics,
            DoubleSupplier random,
            int task,
            @Nullable String tenant) {
        this.plan = plan;
        this.targets = targets;
        this.metrics = metrics;
        this.random = random;
        this.task = task;
        this.tenant = tenant;
    }

    /** The same for calls of a task, which takes turns with others where rates are limited. */
    AttemptChoice forTask(int partition) {
        return new AttemptChoice(plan, targets, metrics, random, partition, tenant);
    }

    /** The same for calls of a tenant. */
    AttemptChoice of(String itsTenant) {
        return new AttemptChoice(plan.of(itsTenant), targets, metrics, random, task, itsTenant);
    }

    /** Whose token rate calls for a chain draw on; null if on none. */
    @Nullable
    String accountOf(List<String> chain) {
        return targets.accountOf(chain);
    }

    /** How many turns a call is worth among those who wait for its chain. */
    long turnsOf(List<String> chain, long tokens) {
        return targets.turnsOf(chain, tokens);
    }

    /** The task has left: its turns are others'. */
    void leave() {
        targets.left(task);
    }

    /**
     * For a call that is new, or that has waited as long as it was told to.
     *
     * @param chain names of targets
     * @param tokens that the call will use at most, for the token rate
     * @param deadline no attempt starts at it or later
     */
    Choice choose(List<String> chain, Attempts attempts, long tokens, Instant deadline, Instant now) {
        for (int tries = 0; tries <= chain.size(); tries++) {
            Step step =
                    plan.next(attempts, targets.look(chain, task, tenant, now), deadline, now, random.getAsDouble());
            if (!(step instanceof Step.Try attempt) || attempt.notBefore().isAfter(now)) {
                return later(step);
            }
            // Between look and entrance it may have filled up or closed; then the plan sees that when it looks again.
            if (targets.enter(attempt.target(), task, whose(), tokens, now) instanceof Entry.Entered entered) {
                return went(attempt, entered.lease());
            }
        }
        return new Choice.Later(now, null, null);
    }

    private String whose() {
        return Objects.requireNonNull(tenant, "no tenant");
    }

    /** A call of the tenant waits for the chain: where others closed it, it is not to go behind them. */
    void waits(List<String> chain, Instant now) {
        targets.look(chain, tenant, now);
    }

    private Choice.Go went(Step.Try attempt, Lease lease) {
        try {
            metrics.planned(attempt);
            return new Choice.Go(attempt.target(), lease);
        } catch (RuntimeException | Error e) {
            lease.cancel();
            throw e;
        }
    }

    /** For a stored call whose turn it is. */
    Choice next(CallEntry entry, long tokens, Instant now) {
        String planned = entry.state() instanceof CallState.Waiting waiting ? waiting.planned() : null;
        List<String> chain = entry.progress().usable(entry.route().chain());
        return choose(
                planned,
                chain,
                entry.progress().attempts(),
                tokens,
                entry.ticket().deadline(),
                now);
    }

    /** As {@link #choose}, for a call that has waited for an attempt at a target: unless that has filled up or closed since. */
    Choice choose(
            @Nullable String planned,
            List<String> chain,
            Attempts attempts,
            long tokens,
            Instant deadline,
            Instant now) {
        if (planned != null
                && now.isBefore(deadline)
                && targets.has(planned)
                && targets.enter(planned, task, whose(), tokens, now) instanceof Entry.Entered entered) {
            return new Choice.Go(planned, entered.lease());
        }
        return choose(chain, attempts, tokens, deadline, now);
    }

    /**
     * For a call whose attempt has just failed: when it may be tried again. Takes no place.
     *
     * @param attempts with the failed one
     * @return anything but {@link Choice.Go}
     */
    Choice afterFailure(List<String> chain, FailureClass failure, Attempts attempts, Instant deadline, Instant now) {
        return later(plan.afterFailure(
                failure, attempts, targets.look(chain, task, tenant, now), deadline, now, random.getAsDouble()));
    }

    private Choice later(Step step) {
        return switch (step) {
            case Step.GiveUp giveUp -> new Choice.GiveUp();
            case Step.Try attempt -> {
                metrics.planned(step);
                yield new Choice.Later(attempt.notBefore(), attempt.target(), null);
            }
            case Step.Park park -> {
                metrics.planned(step);
                yield new Choice.Later(park.due(), null, park.reason());
            }
        };
    }

    /** As {@link AttemptPlan#isUsedUp}; nothing is asked for, so no turn is taken or waited for. */
    boolean isUsedUp(List<String> chain, Attempts attempts, Instant now, Instant due) {
        return plan.isUsedUp(attempts, targets.look(chain, tenant, now), now, due);
    }

    /** Whether the configuration still has any target of the chain. */
    boolean knowsAny(List<String> chain) {
        return chain.stream().anyMatch(targets::has);
    }

    /** Whether calls for the chain may go now. */
    boolean isOpen(List<String> chain, Instant now) {
        return look(chain, now) instanceof Availability.Open;
    }

    /** Whether any target of the chain takes calls now, and when to look again; a chain without targets stands in nobody's way. */
    Availability look(List<String> chain, Instant now) {
        if (!knowsAny(chain)) {
            return new Availability.Open();
        }
        Instant earliest = Instant.MAX;
        boolean busy = false;
        for (TargetView target : targets.look(chain, task, tenant, now)) {
            switch (target.availability()) {
                case Availability.Open open -> {
                    return open;
                }
                case Availability.Busy full -> busy = true;
                case Availability.ClosedUntil closed -> {
                    Instant until = looksAgain(target, closed.until(), now);
                    earliest = until.isBefore(earliest) ? until : earliest;
                }
            }
        }
        return busy ? new Availability.Busy() : new Availability.ClosedUntil(earliest);
    }

    private static Instant looksAgain(TargetView target, Instant until, Instant now) {
        Instant soon = now.plus(RATES_ARE_ASKED);
        return target.isRateLimited() && until.isAfter(soon) ? soon : until;
    }
}
