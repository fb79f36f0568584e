package dev.penstock.config;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetWindow;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.TenantPolicy.OnBudgetSpent;
import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tenants may spend who have no policy of their own, and what is needed to say what a call costs.
 *
 * @param enabled whether budgets are held; without that policies and usage are not even read
 * @param defaults the default budget; empty for none
 * @param onSpent what becomes of a call that no budget can pay
 * @param allowedTiers the tiers of a tenant whose policy does not say; empty for all
 * @param weight the share of permits of a tenant whose policy does not say
 * @param maxHeld requests of one tenant that may wait for its budget, in its partition
 * @param maxHeldBytes their bytes
 * @param maxHeldPartitionBytes bytes of all requests of a partition that wait for budgets
 * @param timeZone where days and months start
 * @param prices the file of prices; null for none
 * @param retention how long an event is remembered, so that it counts once and can be corrected
 * @param shownInMetrics the most budgets, of a tenant and a window each, that have series of their own
 */
public record BudgetsConfig(
        boolean enabled,
        List<BudgetRule> defaults,
        OnBudgetSpent onSpent,
        List<String> allowedTiers,
        int weight,
        int maxHeld,
        long maxHeldBytes,
        long maxHeldPartitionBytes,
        ZoneId timeZone,
        @Nullable Path prices,
        Duration retention,
        int shownInMetrics) {

    /** How tokens are counted. */
    public enum TokenCount {
        /** Nobody can: budgets bound them by the bytes, trimming estimates them from the bytes. */
        UTF8_BYTES,
        /** As OpenAI's models do, from GPT-4o on. */
        O200K_BASE
    }

    public BudgetsConfig {
        defaults = List.copyOf(defaults);
        allowedTiers = List.copyOf(allowedTiers);
    }

    /** Whether the spend of every tenant is counted, with or without a policy. */
    public boolean countsAll() {
        return !defaults.isEmpty() || prices != null;
    }

    static final Setting<Boolean> ENABLED = new Setting<>(
            "budgets.enabled",
            ValueType.flag(),
            "false",
            "Hold tenants to budgets: those of this section and those of llm.tenants. The same on all instances; a change needs all of them stopped.");

    static final Setting<BigDecimal> MAX_BUDGET = new Setting<>(
            "budgets.max_budget",
            ValueType.usd(),
            "",
            "US dollars that a tenant without a policy may spend in a period. None: no limit in money.");

    static final Setting<BigDecimal> SOFT_BUDGET = new Setting<>(
            "budgets.soft_budget", ValueType.usd(), "", "US dollars at which an alert is raised; at most max_budget.");

    static final Setting<Long> MAX_TOKENS = new Setting<>(
            "budgets.max_tokens",
            ValueType.wholeNumber(0L, TokenUsage.MAX_TOKENS),
            "",
            "Tokens, input and output, that a tenant without a policy may use in a period. None: no limit.");

    static final Setting<Long> SOFT_TOKENS = new Setting<>(
            "budgets.soft_tokens",
            ValueType.wholeNumber(0L, TokenUsage.MAX_TOKENS),
            "",
            "Tokens at which an alert is raised; at most max_tokens.");

    static final Setting<BudgetWindow> BUDGET_DURATION =
            new Setting<>("budgets.budget_duration", ValueType.budgetWindow(), "month", "The period of these limits.");

    static final Setting<ZoneId> TIME_ZONE = new Setting<>(
            "budgets.time_zone", ValueType.timeZone(), "UTC", "Where days and months start that no policy says.");

    static final Setting<OnBudgetSpent> ON_SPENT = new Setting<>(
            "budgets.on_spent",
            ValueType.choice(OnBudgetSpent.class),
            "reject",
            "What becomes of a request that no budget can pay: a dead letter, a cheaper tier, or it waits for the reset.");

    static final Setting<List<String>> ALLOWED_TIERS = new Setting<>(
            "budgets.allowed_tiers",
            ValueType.names("names of tiers, each once: [simple, medium]"),
            "",
            "Tiers of a tenant whose policy does not say. None: all.");

    static final Setting<Integer> WEIGHT = new Setting<>(
            "budgets.weight",
            ValueType.wholeNumber(1, TenantPolicy.MAX_WEIGHT),
            "1",
            "Share of permits, against other tenants, of a tenant whose policy does not say.");

    static final Setting<Integer> MAX_HELD = new Setting<>(
            "budgets.max_held",
            ValueType.wholeNumber(0, 1_000_000),
            "10000",
            "Requests of one tenant that may be held for its budget at once. More are rejected.");

    static final Setting<Long> MAX_HELD_BYTES = new Setting<>(
            "budgets.max_held_bytes",
            ValueType.byteSize("1MiB", "16GiB"),
            "384MiB",
            "Bytes of one tenant's requests that may be held for its budget at once, 1 KiB more for each than it has. More are rejected.");

    static final Setting<Long> MAX_HELD_PARTITION_BYTES = new Setting<>(
            "budgets.max_held_partition_bytes",
            ValueType.byteSize("1MiB", "64GiB"),
            "1GiB",
            "Bytes of all requests of a partition that may be held for budgets at once, counted alike. More are rejected, unless their tenant has less than an equal part.");

    static final Setting<Path> PRICES = new Setting<>(
            "budgets.prices",
            ValueType.path(),
            "",
            "File of prices: our YAML, or LiteLLM's JSON if its name ends in .json. Without it no price is known.");

    static final Setting<TokenCount> TOKENIZER = new Setting<>(
            "budgets.tokenizer",
            ValueType.choice(TokenCount.class),
            "utf8_bytes",
            "How tokens of targets of kind openai are counted, for budgets and for trimming. o200k_base is for OpenAI's own models from GPT-4o on, and closer.");

    static final Setting<Map<String, Long>> TOKENS_OF_PART = new Setting<>(
            "budgets.tokens_of_part",
            new ValueType<>(
                    "types of content parts with their most tokens: image_url=1500,file=20000", BudgetsConfig::parts),
            "",
            "The most tokens of one content part that is no text. A part of another type is denied under a budget.");

    static final Setting<Duration> RETENTION = new Setting<>(
            "budgets.retention",
            ValueType.duration("1h", "30d"),
            "24h",
            "How long a usage event is remembered, so that it counts once and a late answer can correct it.");

    static final Setting<Integer> SHOWN_IN_METRICS = new Setting<>(
            "budgets.shown_in_metrics",
            ValueType.wholeNumber(0, 10_000),
            "500",
            "Budgets with a limit that /metrics shows, 9 series each: the fullest of an instance. The budgets topic has all.");

    static final List<Setting<?>> SETTINGS = List.of(
            ENABLED,
            MAX_BUDGET,
            SOFT_BUDGET,
            MAX_TOKENS,
            SOFT_TOKENS,
            BUDGET_DURATION,
            TIME_ZONE,
            ON_SPENT,
            ALLOWED_TIERS,
            WEIGHT,
            MAX_HELD,
            MAX_HELD_BYTES,
            MAX_HELD_PARTITION_BYTES,
            PRICES,
            TOKENIZER,
            TOKENS_OF_PART,
            RETENTION,
            SHOWN_IN_METRICS);

    static BudgetsConfig from(Values values) {
        boolean enabled = values.get(ENABLED);
        values.expect(ENABLED, enabled || !values.isGiven(MAX_BUDGET), "true, since budgets.max_budget is set");
        values.expect(ENABLED, enabled || !values.isGiven(MAX_TOKENS), "true, since budgets.max_tokens is set");
        values.expect(ENABLED, enabled || !values.isGiven(ALLOWED_TIERS), "true, since budgets.allowed_tiers is set");
        values.expect(
                MAX_HELD_BYTES,
                values.get(MAX_HELD_BYTES) <= values.get(MAX_HELD_PARTITION_BYTES),
                "at most budgets.max_held_partition_bytes");
        return new BudgetsConfig(
                enabled,
                rules(values),
                values.get(ON_SPENT),
                values.find(ALLOWED_TIERS).orElse(List.of()),
                values.get(WEIGHT),
                values.get(MAX_HELD),
                values.get(MAX_HELD_BYTES),
                values.get(MAX_HELD_PARTITION_BYTES),
                values.get(TIME_ZONE),
                values.find(PRICES).orElse(null),
                values.get(RETENTION),
                values.get(SHOWN_IN_METRICS));
    }

    private static List<BudgetRule> rules(Values values) {
        @Nullable BigDecimal usd = values.find(MAX_BUDGET).orElse(null);
        @Nullable BigDecimal softUsd = values.find(SOFT_BUDGET).orElse(null);
        @Nullable Long tokens = values.find(MAX_TOKENS).orElse(null);
        @Nullable Long softTokens = values.find(SOFT_TOKENS).orElse(null);
        boolean usdFits = softUsd == null || (usd != null && softUsd.compareTo(usd) <= 0);
        boolean tokensFit = softTokens == null || (tokens != null && softTokens <= tokens);
        values.expect(SOFT_BUDGET, usdFits, "at most budgets.max_budget");
        values.expect(SOFT_TOKENS, tokensFit, "at most budgets.max_tokens");
        if ((usd == null && tokens == null) || !usdFits || !tokensFit) {
            return List.of();
        }
        BudgetWindow window = values.get(BUDGET_DURATION);
        ZoneId zone = window instanceof BudgetWindow.Calendar ? values.get(TIME_ZONE) : ZoneOffset.UTC;
        return List.of(new BudgetRule(window, zone, usd, softUsd, tokens, softTokens));
    }

    private static Optional<Map<String, Long>> parts(String text) {
        Map<String, Long> parts = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String trimmed = part.strip();
            if (!trimmed.matches("[a-z_]{1,64}=[0-9]{1,9}")) {
                return Optional.empty();
            }
            int at = trimmed.indexOf('=');
            parts.put(trimmed.substring(0, at), Long.valueOf(trimmed.substring(at + 1)));
        }
        return Optional.of(parts);
    }
}
