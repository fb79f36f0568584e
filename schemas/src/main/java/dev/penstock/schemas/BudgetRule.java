package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a tenant: at least one of money and tokens, over one window.
 *
 * @param timeZone where the calendar's days and months start; UTC for a duration
 * @param maxBudget US dollars that a period may cost; zero admits nothing
 * @param softBudget US dollars at which to warn, at most {@code maxBudget}
 * @param maxTokens input and output together
 * @param softTokens tokens at which to warn, at most {@code maxTokens}
 */
public record BudgetRule(
        BudgetWindow window,
        ZoneId timeZone,
        @Nullable BigDecimal maxBudget,
        @Nullable BigDecimal softBudget,
        @Nullable Long maxTokens,
        @Nullable Long softTokens) {

    public BudgetRule {
        Checks.require(
                window instanceof BudgetWindow.Calendar || timeZone.equals(ZoneOffset.UTC),
                "time_zone",
                timeZone,
                "only with budget_duration day|month");
        Checks.require(maxBudget != null || maxTokens != null, "max_budget", "absent", "max_budget or max_tokens");
        maxBudget = Money.checked("max_budget", maxBudget);
        softBudget = Money.checked("soft_budget", softBudget);
        softBelowHard(softBudget, maxBudget);
        softBelowHard(softTokens, maxTokens);
    }

    private static void softBelowHard(@Nullable BigDecimal soft, @Nullable BigDecimal hard) {
        if (soft != null) {
            Checks.require(hard != null && soft.compareTo(hard) <= 0, "soft_budget", soft, "at most max_budget");
        }
    }

    private static void softBelowHard(@Nullable Long soft, @Nullable Long hard) {
        if (hard != null) {
            Checks.require(
                    hard >= 0 && hard <= TokenUsage.MAX_TOKENS, "max_tokens", hard, "0.." + TokenUsage.MAX_TOKENS);
        }
        if (soft != null) {
            Checks.notNegative("soft_tokens", soft);
            Checks.require(hard != null && soft <= hard, "soft_tokens", soft, "at most max_tokens");
        }
    }
}
