package dev.penstock.schemas;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tenant policy on the wire. People write these, and a misspelt limit would be none: unknown fields are refused. */
final class PolicyFormat {

    private static final int MAX_BUDGETS = 16;
    private static final int MAX_TIERS = 64;

    private static final Set<String> POLICY_FIELDS = Set.of(
            "tenant",
            "budgets",
            "on_budget_spent",
            "allowed_tiers",
            "weight",
            "max_in_flight",
            "batch",
            "cache",
            "trim");

    private static final Set<String> BUDGET_FIELDS =
            Set.of("budget_duration", "time_zone", "max_budget", "soft_budget", "max_tokens", "soft_tokens");

    private PolicyFormat() {}

    static void write(Output out, TenantPolicy policy) {
        out.object(() -> {
            out.text("tenant", policy.tenant());
            if (policy.budgets() != null) {
                out.array("budgets", policy.budgets(), rule -> writeRule(out, rule));
            }
            out.choice("on_budget_spent", policy.onBudgetSpent());
            if (policy.allowedTiers() != null) {
                out.array("allowed_tiers", policy.allowedTiers(), out::element);
            }
            out.integer("weight", policy.weight());
            out.integer("max_in_flight", policy.maxInFlight());
            out.choice("batch", policy.batch());
            SavingsFormat.writeCache(out, policy.cache());
            SavingsFormat.writeTrim(out, policy.trim());
        });
    }

    private static void writeRule(Output out, BudgetRule rule) {
        out.object(() -> {
            out.text("budget_duration", rule.window().text());
            if (rule.window() instanceof BudgetWindow.Calendar) {
                out.text(
                        "time_zone",
                        rule.timeZone().equals(ZoneOffset.UTC)
                                ? "UTC"
                                : rule.timeZone().getId());
            }
            out.decimal("max_budget", rule.maxBudget());
            out.decimal("soft_budget", rule.softBudget());
            out.integer("max_tokens", rule.maxTokens());
            out.integer("soft_tokens", rule.softTokens());
        });
    }

    static TenantPolicy read(Fields from) throws Refusal {
        from.refuseOthers(POLICY_FIELDS);
        JsonNode tenant = from.find("tenant");
        if (tenant != null && !(tenant.isString() && Tenant.isValid(tenant.stringValue()))) {
            throw from.refused("tenant", tenant, Tenant.RULE);
        }
        return new TenantPolicy(
                tenant == null ? null : tenant.stringValue(),
                from.find("budgets") == null ? null : rules(from),
                from.choiceOrNull("on_budget_spent", TenantPolicy.OnBudgetSpent.NAMES),
                from.find("allowed_tiers") == null ? null : from.texts("allowed_tiers", MAX_TIERS),
                PartsFormat.intOrNull(from, "weight", 1, TenantPolicy.MAX_WEIGHT),
                PartsFormat.intOrNull(from, "max_in_flight", 1, Integer.MAX_VALUE),
                from.choiceOrNull("batch", BatchDirective.NAMES),
                SavingsFormat.cache(alone(from, "cache", "ttl_ms")),
                SavingsFormat.trim(alone(from, "trim", "max_input_tokens")));
    }

    /** An object of one field, where it is one. */
    private static Fields alone(Fields from, String name, String field) throws Refusal {
        JsonNode value = from.find(name);
        if (value != null && value.isObject()) {
            from.object(name).refuseOthers(Set.of(field));
        }
        return from;
    }

    private static List<BudgetRule> rules(Fields from) throws Refusal {
        List<BudgetRule> rules = new ArrayList<>();
        for (Fields rule : from.objects("budgets", MAX_BUDGETS)) {
            rule.refuseOthers(BUDGET_FIELDS);
            rules.add(new BudgetRule(
                    window(rule),
                    zone(rule),
                    rule.usdOrNull("max_budget"),
                    rule.usdOrNull("soft_budget"),
                    rule.integerOrNull("max_tokens", 0, TokenUsage.MAX_TOKENS),
                    rule.integerOrNull("soft_tokens", 0, TokenUsage.MAX_TOKENS)));
        }
        return rules;
    }

    private static BudgetWindow window(Fields rule) throws Refusal {
        return BudgetWindow.parse(rule.text("budget_duration"))
                .orElseThrow(
                        () -> rule.refused("budget_duration", rule.node().path("budget_duration"), BudgetWindow.RULE));
    }

    private static ZoneId zone(Fields rule) throws Refusal {
        @Nullable String id = rule.textOrNull("time_zone");
        if (id == null || id.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(id);
        } catch (DateTimeException e) {
            throw rule.refused("time_zone", rule.node().path("time_zone"), "a time zone such as Europe/Berlin");
        }
    }
}
