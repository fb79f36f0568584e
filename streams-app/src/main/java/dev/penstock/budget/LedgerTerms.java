package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * What holds for all ledgers of an instance.
 *
 * @param defaults the budgets of a tenant that has no policy of its own
 * @param zone where the days and months start that are counted without a limit
 * @param retention how long an event is remembered, from when it was last counted; at least as long as late answers may come
 * @param skew how far the clocks of others may be ahead; usage from later is refused
 */
public record LedgerTerms(List<BudgetRule> defaults, ZoneId zone, Duration retention, Duration skew) {

    public LedgerTerms {
        defaults = List.copyOf(defaults);
        if (!retention.isPositive()) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: longer than zero)");
        }
        if (skew.isNegative()) {
            throw new IllegalArgumentException("skew: " + skew + " (expected: not below zero)");
        }
    }
}
