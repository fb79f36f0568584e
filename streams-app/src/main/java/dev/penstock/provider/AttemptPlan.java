package dev.penstock.provider;

import dev.penstock.config.RetryConfig;
import dev.penstock.provider.Step.Kind;
import dev.penstock.provider.Step.Reason;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What comes next for a call: which target, when, or not now, or never. A free target that was not tried comes before a wait
 * for one that failed; a target that failed is tried again only within the retry budget. Pure but for the budget.
 */
public final class AttemptPlan {

    /** What is closed for all opens for all: not everybody at the same moment. */
    private static final Duration OPENING_SPREAD = Duration.ofMillis(500);

    private final RetryConfig retry;
    private final RetryBudget budget;
    private final String tenant;

    /** For calls of nobody in particular. */
    public AttemptPlan(RetryConfig retry, RetryBudget budget) {
        this(retry, budget, "");
    }

    private AttemptPlan(RetryConfig retry, RetryBudget budget, String tenant) {
        this.retry = retry;
        this.budget = budget;
        this.tenant = tenant;
    }

    /** The same for calls of a tenant, which shares the budget with others. */
    public AttemptPlan of(String whose) {
        return new AttemptPlan(retry, budget, whose);
    }

    /**
     * For a call that is new, or that has rested. A call that only waited for the attempt that was planned for it makes that
     * attempt without asking again: its retry is charged to the budget already.
     *
     * @param chain the targets of the call as they look now, in order
     * @param random from 0 to 1, 1 excluded
     */
    public Step next(Attempts attempts, List<TargetView> chain, Instant deadline, Instant now, double random) {
        return new Planning(attempts, chain, deadline, now, random, false).step();
    }

    /**
     * For a call whose attempt failed just now.
     *
     * @param attempts with the failed one
     */
    public Step afterFailure(
            FailureClass failure,
            Attempts attempts,
            List<TargetView> chain,
            Instant deadline,
            Instant now,
            double random) {
        return failure == FailureClass.PERMANENT
                ? new Step.GiveUp()
                : new Planning(attempts, chain, deadline, now, random, true).step();
    }

    /**
     * Whether a call that rests has had its quick attempts, though the plan that had it rest was made by somebody else: where
     * the targets look as they did then, this says what that plan said.
     *
     * @param attempts all of this round
     * @param chain as for {@link #next}
     * @param now when the rest began
     * @param due when it ends
     */
    public boolean isUsedUp(Attempts attempts, List<TargetView> chain, Instant now, Instant due) {
        return due.isAfter(now) && new Planning(attempts, chain, due, now, 0, false).isUsedUp(due);
    }

    private final class Planning {

        private final Attempts attempts;
        private final List<TargetView> chain;
        private final Instant deadline;
        private final Instant now;
        private final double random;
        private final boolean backsOff;

        Planning(
                Attempts attempts,
                List<TargetView> chain,
                Instant deadline,
                Instant now,
                double random,
                boolean backsOff) {
            this.attempts = attempts;
            this.chain = chain;
            this.deadline = deadline;
            this.now = now;
            this.random = random;
            this.backsOff = backsOff;
        }

        Step step() {
            if (attempts.possiblyBilled() >= retry.maxBilledAttempts()) {
                return new Step.GiveUp();
            }
            if (!now.isBefore(deadline)) {
                return new Step.Park(deadline, Reason.DEADLINE);
            }
            List<TargetView> left = left();
            return left.stream()
                    .filter(target -> target.availability().isOpen())
                    .findFirst()
                    .map(this::attempt)
                    .orElseGet(() -> noneOpen(left));
        }

        private List<TargetView> left() {
            return chain.stream()
                    .filter(target -> attempts.count(target.name()) < retry.attemptsPerTarget())
                    .sorted(Comparator.comparing(this::isAskedToWait)
                            .thenComparingInt(target -> attempts.count(target.name())))
                    .toList();
        }

        boolean isUsedUp(Instant due) {
            List<TargetView> left = left();
            return left.stream().noneMatch(target -> target.availability().isOpen())
                    && isUsedUp(left, opening(left), due);
        }

        private boolean isAskedToWait(TargetView target) {
            return attempts.notBefore(target.name(), now).isAfter(now);
        }

        private Step attempt(TargetView target) {
            int failures = attempts.count(target.name());
            Instant backedOff = now.plus(failures > 0 && backsOff ? backoff(failures) : Duration.ZERO);
            Instant asked = attempts.notBefore(target.name(), now);
            Instant at = asked.isAfter(backedOff) ? asked : backedOff;
            if (!at.isBefore(deadline)) {
                return new Step.Park(deadline, Reason.DEADLINE);
            }
            if (Duration.between(now, at).compareTo(retry.longestWait()) > 0) {
                return new Step.Park(at, Reason.BACKOFF);
            }
            return failures == 0 ? first(target, at) : again(target, at);
        }

        private Step first(TargetView target, Instant at) {
            boolean fresh = attempts.isFresh();
            if (fresh) {
                budget.called(tenant, now);
            }
            boolean head = target.name().equals(chain.getFirst().name());
            return new Step.Try(target.name(), at, fresh && head ? Kind.FIRST : Kind.FALLBACK);
        }

        private Step again(TargetView target, Instant at) {
            return budget.tryRetry(tenant, now)
                    ? new Step.Try(target.name(), at, Kind.RETRY)
                    : parked(halfToWhole(retry.parkBase()), Reason.RETRY_BUDGET);
        }

        /** Full jitter: anything from nothing to the whole wait, which doubles with each failure. */
        private Duration backoff(int failures) {
            return times(doubled(retry.base(), failures - 1, retry.cap()), random);
        }

        private Step noneOpen(List<TargetView> left) {
            Optional<Instant> opening = opening(left);
            Duration pause = halfToWhole(doubled(retry.parkBase(), attempts.rounds(), retry.parkCap()));
            if (opening.isEmpty() || isUsedUp(left, opening, now.plus(pause))) {
                return parked(pause, Reason.USED_UP);
            }
            return opening.get().isAfter(now)
                    ? parked(Duration.between(now, opening.get()).plus(times(OPENING_SPREAD, random)), Reason.CLOSED)
                    : new Step.Park(now, Reason.BUSY);
        }

        /** Of targets none of which is open: whether it is no use to wait for them alone, or only longer than until {@code due}. */
        private boolean isUsedUp(List<TargetView> left, Optional<Instant> opening, Instant due) {
            if (opening.isEmpty()) {
                return true;
            }
            if (!opening.get().isAfter(now)) {
                // It is not to stand before those that may go where it has used up its attempts.
                return chain.stream().anyMatch(target -> target.availability().isOpen());
            }
            return left.size() < chain.size() && !opening.get().isBefore(due);
        }

        private Optional<Instant> opening(List<TargetView> left) {
            return left.stream().map(this::opensAt).min(Comparator.naturalOrder());
        }

        private Instant opensAt(TargetView target) {
            Instant asked = attempts.notBefore(target.name(), now);
            return switch (target.availability()) {
                case Availability.Open open -> asked;
                case Availability.Busy busy -> asked;
                case Availability.ClosedUntil closed -> closed.until().isAfter(asked) ? closed.until() : asked;
            };
        }

        private Duration halfToWhole(Duration wait) {
            return times(wait, 0.5 + random / 2);
        }

        private Step parked(Duration wait, Reason reason) {
            Instant due = now.plus(wait);
            return new Step.Park(due.isBefore(deadline) ? due : deadline, reason);
        }
    }

    private static Duration times(Duration wait, double factor) {
        return Duration.ofNanos((long) (wait.toNanos() * factor));
    }

    /** The wait doubled so many times, at most the cap. */
    private static Duration doubled(Duration wait, int times, Duration cap) {
        Duration grown = wait;
        for (int i = 0; i < times && grown.compareTo(cap) < 0; i++) {
            grown = grown.multipliedBy(2);
        }
        return grown.compareTo(cap) > 0 ? cap : grown;
    }
}
