package dev.penstock.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators grant a tenant. Whatever is absent falls back to the configuration's default.
 *
 * @param tenant whose it is, when the value says so; the record's key is the same
 * @param budgets limits that all hold at once; an empty list grants without limit, absent means the default budgets
 * @param onBudgetSpent what happens to a request that no budget can pay
 * @param allowedTiers the tiers that may be used, at least one; absent: all
 * @param weight share of permits against other tenants, 1 to 1000
 * @param maxInFlight calls at once, at least 1
 * @param batch whether requests that ask for it may share prompts
 * @param cache what holds for requests that do not say themselves: never {@code refresh}
 * @param trim the same, of prompts that are too long
 */
public record TenantPolicy(
        @Nullable String tenant,
        @Nullable List<BudgetRule> budgets,
        @Nullable OnBudgetSpent onBudgetSpent,
        @Nullable List<String> allowedTiers,
        @Nullable Integer weight,
        @Nullable Integer maxInFlight,
        @Nullable BatchDirective batch,
        @Nullable CacheDirective cache,
        @Nullable Trim trim) {

    public static final int MAX_WEIGHT = 1_000;

    /** What to do with a request that would overspend. */
    public enum OnBudgetSpent implements WireName {
        REJECT,
        /** Take a cheaper tier. */
        DOWNGRADE,
        /** Wait for the reset or the deadline. */
        HOLD;

        static final WireNames<OnBudgetSpent> NAMES = WireNames.of(values());

        private final String wireName = WireNames.lowerCase(this);

        @Override
        public String wireName() {
            return wireName;
        }
    }

    public TenantPolicy {
        Checks.require(tenant == null || Tenant.isValid(tenant), "tenant", "another name", Tenant.RULE);
        atLeastOne("weight", weight == null ? null : weight.longValue());
        Checks.require(weight == null || weight <= MAX_WEIGHT, "weight", String.valueOf(weight), "1.." + MAX_WEIGHT);
        atLeastOne("max_in_flight", maxInFlight == null ? null : maxInFlight.longValue());
        budgets = budgets == null ? null : List.copyOf(budgets);
        allowedTiers = allowedTiers == null ? null : List.copyOf(allowedTiers);
        noTwoForOneWindow(budgets);
        Checks.require(
                !(cache instanceof CacheDirective.Refresh), "cache", "refresh", "default|bypass or {\"ttl_ms\": n}");
        Checks.require(
                allowedTiers == null || !allowedTiers.isEmpty(), "allowed_tiers", "empty", "at least one, or absent");
    }

    private static void atLeastOne(String name, @Nullable Long value) {
        if (value != null) {
            Checks.positive(name, value);
        }
    }

    private static void noTwoForOneWindow(@Nullable List<BudgetRule> budgets) {
        if (budgets != null) {
            long windows = budgets.stream()
                    .map(rule -> rule.window().text())
                    .distinct()
                    .count();
            Checks.require(windows == budgets.size(), "budgets", budgets.size(), "one for each budget_duration");
        }
    }
}
