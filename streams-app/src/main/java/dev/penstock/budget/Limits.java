package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The limits of one window; null for none. */
record Limits(
        @Nullable BigDecimal usd,
        @Nullable BigDecimal softUsd,
        @Nullable BigDecimal tokens,
        @Nullable BigDecimal softTokens) {

    static final Limits NONE = new Limits(null, null, null, null);

    static Limits of(BudgetRule rule) {
        return new Limits(rule.maxBudget(), rule.softBudget(), decimal(rule.maxTokens()), decimal(rule.softTokens()));
    }

    private static @Nullable BigDecimal decimal(@Nullable Long tokens) {
        return tokens == null ? null : BigDecimal.valueOf(tokens);
    }
}
