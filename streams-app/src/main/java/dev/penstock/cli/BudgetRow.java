package dev.penstock.cli;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A budget status as a row of a table. */
final class BudgetRow {

    private static final WireCodec CODEC = new WireCodec();
    private static final String NONE = "-";
    /** Of all columns but the last one, which is as wide as what stands in it. */
    private static final int[] WIDTHS = {20, 8, 20, 9, 8, 14, 14, 14, 14, 15, 14};

    static final String HEADER = row(
            "TENANT",
            "WINDOW",
            "MODEL",
            "STATE",
            "PERCENT",
            "USED_USD",
            "RESERVED_USD",
            "LIMIT_USD",
            "USED_TOKENS",
            "RESERVED_TOKENS",
            "LIMIT_TOKENS",
            "RESETS_AT");

    private BudgetRow() {}

    static String of(byte[] value) {
        try {
            BudgetStatus status = CODEC.readBudgetStatus(value);
            BudgetStatus.Dollars usd = status.usd();
            BudgetStatus.Tokens tokens = status.tokens();
            return row(
                    status.tenant(),
                    status.window(),
                    status.model() == null ? NONE : status.model(),
                    status.state().wireName(),
                    text(higher(usd == null ? null : usd.percent(), tokens.percent())),
                    usd == null ? NONE : text(usd.used()),
                    usd == null ? NONE : text(usd.reserved()),
                    usd == null ? NONE : text(usd.limit()),
                    Long.toString(tokens.used()),
                    Long.toString(tokens.reserved()),
                    tokens.limit() == null ? NONE : tokens.limit().toString(),
                    status.resetsAt().toString());
        } catch (MalformedRecordException foreign) {
            return row("?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "not a status");
        }
    }

    /** Of the limit that is nearer. */
    private static @Nullable BigDecimal higher(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.max(other);
    }

    private static String text(@Nullable BigDecimal amount) {
        return amount == null ? NONE : amount.stripTrailingZeros().toPlainString();
    }

    private static String row(String... cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < WIDTHS.length; i++) {
            row.append(Cell.padded(cells[i], WIDTHS[i])).append(' ');
        }
        return row.append(cells[WIDTHS.length]).toString();
    }
}
