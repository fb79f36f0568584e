package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant's budget stands; the latest one per tenant and window is kept.
 *
 * @param window {@code day}, {@code month} or a duration such as {@code 30d}
 * @param model the share of one model, without limits; absent: all models together
 * @param periodStart start of the period that the figures are of
 * @param resetsAt when the next period starts
 * @param usd absent when nothing counts money
 * @param at when this was true
 */
public record BudgetStatus(
        String tenant,
        String window,
        @Nullable String model,
        Instant periodStart,
        Instant resetsAt,
        State state,
        @Nullable Dollars usd,
        Tokens tokens,
        Instant at) {

    /** What the figures mean for the next request. */
    public enum State implements WireName {
        OK,
        /** Past the soft limit, or past the first alert threshold. */
        WARNING,
        /**
         * A call was refused in the period though the limit is not reached, and the least that was refused would be refused
         * now. Smaller ones may fit.
         */
        EXHAUSTED,
        /** Nothing more is admitted until the reset. */
        EXCEEDED;

        static final WireNames<State> NAMES = WireNames.of(values());

        private final String wireName = WireNames.lowerCase(this);

        @Override
        public String wireName() {
            return wireName;
        }
    }

    /**
     * The money side.
     *
     * @param used settled spend of the period
     * @param reserved held back for calls that are not settled yet
     * @param limit the hard limit in force; absent: none
     * @param remaining what may still be admitted, never below zero; absent without a limit
     * @param percent used and reserved as a share of the limit, which may pass 100; absent without a limit
     */
    public record Dollars(
            BigDecimal used,
            BigDecimal reserved,
            @Nullable BigDecimal limit,
            @Nullable BigDecimal softLimit,
            @Nullable BigDecimal remaining,
            @Nullable BigDecimal percent) {
        public Dollars {
            used = Money.amount("used", used);
            reserved = Money.amount("reserved", reserved);
            limit = Money.checked("limit", limit);
            softLimit = Money.checked("soft_limit", softLimit);
            remaining = Money.checked("remaining", remaining);
            percent = Money.checked("percent", percent);
        }
    }

    /** The token side; the parts mean what those of {@link Dollars} mean. */
    public record Tokens(
            long used,
            long reserved,
            @Nullable Long limit,
            @Nullable Long softLimit,
            @Nullable Long remaining,
            @Nullable BigDecimal percent) {
        public Tokens {
            Checks.notNegative("used", used);
            Checks.notNegative("reserved", reserved);
            Checks.notNegative("limit", limit == null ? 0 : limit);
            Checks.notNegative("soft_limit", softLimit == null ? 0 : softLimit);
            Checks.notNegative("remaining", remaining == null ? 0 : remaining);
            percent = Money.checked("percent", percent);
        }
    }

    public BudgetStatus {
        Checks.tenant(tenant);
        Checks.text("window", window);
        Checks.textOrNull("model", model);
        Checks.instant("period_start", periodStart);
        Checks.instant("resets_at", resetsAt);
        Checks.instant("at", at);
        Checks.require(resetsAt.isAfter(periodStart), "resets_at", resetsAt, "after period_start");
    }

    /** The record's key: {@code tenant|window}, and {@code tenant|window|model} for the share of one model. */
    public String key() {
        return key(tenant, window, model);
    }

    /** The key of a status, which is also that of the record without a value that ends it. */
    public static String key(String tenant, String window, @Nullable String model) {
        return model == null ? tenant + "|" + window : tenant + "|" + window + "|" + model;
    }
}
