package dev.penstock.budget;

import dev.penstock.config.TierConfig;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.TenantPolicy.OnBudgetSpent;
import dev.penstock.work.Reservations.Answer;
import dev.penstock.work.Reservations.AsksAgain;
import dev.penstock.work.Route;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a call whose worst case does not fit. */
final class SpentPolicy {

    /**
     * A held call asks again after that time, even if the reset is further away: reservations shrink when they settle, and
     * limits are raised.
     */
    static final Duration ASKS_AGAIN = Duration.ofSeconds(30);

    static final String PROBE = "probe";

    private final OnBudgetSpent otherwise;
    private final List<TierConfig> tiers;

    /** @param otherwise what holds for tenants whose policy does not say */
    SpentPolicy(OnBudgetSpent otherwise, List<TierConfig> tiers) {
        this.otherwise = otherwise;
        this.tiers = List.copyOf(tiers);
    }

    OnBudgetSpent onSpent(Optional<TenantPolicy> policy) {
        return policy.map(TenantPolicy::onBudgetSpent).orElse(otherwise);
    }

    static Answer.Denied rejected(Admission.OverLimit over) {
        return new Answer.Denied(
                DeadLetterCode.BUDGET_EXCEEDED,
                "the " + over.window() + " budget in " + over.measure().name().toLowerCase(Locale.ROOT)
                        + " does not hold the most that the call could cost; "
                        + (over.fitsLater()
                                ? "it resets at " + over.resetsAt()
                                : "nor does a whole period's, which resets at " + over.resetsAt()),
                over.resetsAt());
    }

    /**
     * Waits for the reset, unless waiting does not help.
     *
     * @param asks how it asks again
     */
    static Answer held(Admission.OverLimit over, AsksAgain asks, Instant now) {
        if (!over.fitsLater()) {
            return rejected(over);
        }
        Instant again = now.plus(ASKS_AGAIN);
        return new Answer.Held(over.resetsAt().isBefore(again) ? over.resetsAt() : again, rejected(over), asks);
    }

    /**
     * The dearest of the cheaper tiers that the budgets hold; null when there is none. A request that names a model has
     * asked for that one.
     *
     * @param allowed the tiers that {@link AllowedTiersPolicy} lets the tenant take: the same list, so that none is offered
     *     here which is refused there; null for all
     */
    @Nullable
    Route cheaper(Route route, @Nullable List<String> allowed, Function<Route, WorstCase> worst, Ledger ledger) {
        if (route.tier() == null) {
            return null;
        }
        @Nullable BigDecimal now = TaskReservations.usd(worst.apply(route));
        @Nullable Route best = null;
        @Nullable BigDecimal bestUsd = null;
        for (TierConfig tier : tiers) {
            if (now == null || (allowed != null && !allowed.contains(tier.name()))) {
                continue;
            }
            Route other = new Route(tier.name(), tier.chain(), null, tier.timeout());
            WorstCase worstThere = worst.apply(other);
            @Nullable BigDecimal usd = TaskReservations.usd(worstThere);
            if (usd == null || usd.compareTo(now) >= 0) {
                continue;
            }
            if ((bestUsd == null || usd.compareTo(bestUsd) > 0)
                    && ledger.reserve(PROBE, worstThere, Instant.MAX) instanceof Admission.Granted) {
                best = other;
                bestUsd = usd;
            }
        }
        return best;
    }
}
