package dev.penstock.schemas;

import org.jspecify.annotations.Nullable;

/** A budget status on the wire. */
final class BudgetFormat {

    private BudgetFormat() {}

    static void write(Output out, BudgetStatus status) {
        out.object(() -> {
            out.text("tenant", status.tenant());
            out.text("window", status.window());
            out.text("model", status.model());
            out.instant("period_start", status.periodStart());
            out.instant("resets_at", status.resetsAt());
            out.choice("state", status.state());
            dollars(out, status.usd());
            out.object("tokens", () -> tokens(out, status.tokens()));
            out.instant("at", status.at());
        });
    }

    private static void dollars(Output out, BudgetStatus.@Nullable Dollars usd) {
        if (usd != null) {
            out.object("usd", () -> {
                out.decimal("used", usd.used());
                out.decimal("reserved", usd.reserved());
                out.decimal("limit", usd.limit());
                out.decimal("soft_limit", usd.softLimit());
                out.decimal("remaining", usd.remaining());
                out.decimal("percent", usd.percent());
            });
        }
    }

    private static void tokens(Output out, BudgetStatus.Tokens tokens) {
        out.integer("used", tokens.used());
        out.integer("reserved", tokens.reserved());
        out.integer("limit", tokens.limit());
        out.integer("soft_limit", tokens.softLimit());
        out.integer("remaining", tokens.remaining());
        out.decimal("percent", tokens.percent());
    }

    static BudgetStatus read(Fields from) throws Refusal {
        return new BudgetStatus(
                from.text("tenant"),
                from.text("window"),
                from.textOrNull("model"),
                from.instant("period_start"),
                from.instant("resets_at"),
                from.choice("state", BudgetStatus.State.NAMES),
                dollars(from.objectOrNull("usd")),
                tokens(from.object("tokens")),
                from.instant("at"));
    }

    private static BudgetStatus.@Nullable Dollars dollars(@Nullable Fields from) throws Refusal {
        if (from == null) {
            return null;
        }
        return new BudgetStatus.Dollars(
                from.usd("used"),
                from.usd("reserved"),
                from.usdOrNull("limit"),
                from.usdOrNull("soft_limit"),
                from.usdOrNull("remaining"),
                from.usdOrNull("percent"));
    }

    private static BudgetStatus.Tokens tokens(Fields from) throws Refusal {
        return new BudgetStatus.Tokens(
                from.integer("used", 0, Long.MAX_VALUE),
                from.integer("reserved", 0, Long.MAX_VALUE),
                from.integerOrNull("limit", 0, Long.MAX_VALUE),
                from.integerOrNull("soft_limit", 0, Long.MAX_VALUE),
                from.integerOrNull("remaining", 0, Long.MAX_VALUE),
                from.usdOrNull("percent"));
    }
}
