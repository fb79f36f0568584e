package dev.penstock.cli;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A budget status as a row of a table. */
final class BudgetRow {

    private static final WireCodec CODEC = new WireCodec();
    private static final int TENANT = 20;
    private static final int WINDOW = 8;
    private static final int MODEL = 20;
    private static final int STATE = 9;
    private static final int AMOUNT = 14;
    private static final int PERCENT = 8;

    static final String HEADER = row(
            "TENANT",
            "WINDOW",
            "MODEL",
            "STATE",
            "USED_USD",
            "RESERVED_USD",
            "LIMIT_USD",
            "PERCENT",
            "USED_TOKENS",
            "RESETS_AT");

    private BudgetRow() {}

    static String of(byte[] value) {
        try {
            BudgetStatus status = CODEC.readBudgetStatus(value);
            BudgetStatus.Dollars usd = status.usd();
            return row(
                    status.tenant(),
                    status.window(),
                    status.model() == null ? "-" : status.model(),
                    status.state().wireName(),
                    usd == null ? "" : text(usd.used()),
                    usd == null ? "" : text(usd.reserved()),
                    usd == null ? "" : text(usd.limit()),
                    usd == null ? "" : text(usd.percent()),
                    Long.toString(status.tokens().used()),
                    status.resetsAt().toString());
        } catch (MalformedRecordException foreign) {
            return row("?", "?", "?", "?", "?", "?", "?", "?", "?", "not a status");
        }
    }

    private static String text(@Nullable BigDecimal amount) {
        return amount == null ? "-" : amount.stripTrailingZeros().toPlainString();
    }

    private static String row(
            String tenant,
            String window,
            String model,
            String state,
            String used,
            String reserved,
            String limit,
            String percent,
            String tokens,
            String last) {
        return String.join(
                " ",
                Cell.padded(tenant, TENANT),
                Cell.padded(window, WINDOW),
                Cell.padded(model, MODEL),
                Cell.padded(state, STATE),
                Cell.padded(used, AMOUNT),
                Cell.padded(reserved, AMOUNT),
                Cell.padded(limit, AMOUNT),
                Cell.padded(percent, PERCENT),
                Cell.padded(tokens, AMOUNT),
                last);
    }
}
