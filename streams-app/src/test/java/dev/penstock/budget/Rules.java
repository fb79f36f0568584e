package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetWindow;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Budgets for tests. */
final class Rules {

    private Rules() {}

    static BudgetRule usd(String window, String max) {
        return rule(window, ZoneOffset.UTC, max, null, null);
    }

    static BudgetRule tokens(String window, long max) {
        return rule(window, ZoneOffset.UTC, null, null, max);
    }

    static BudgetRule rule(
            String window, ZoneId zone, @Nullable String max, @Nullable String soft, @Nullable Long tokens) {
        return new BudgetRule(
                BudgetWindow.parse(window).orElseThrow(),
                zone,
                max == null ? null : new BigDecimal(max),
                soft == null ? null : new BigDecimal(soft),
                tokens,
                null);
    }
}
