package dev.penstock.schemas;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What an amount of US dollars may be: exact, not negative, and short enough to be added up for ever. */
final class Money {

    static final BigDecimal MAX_USD = new BigDecimal("1000000000000");

    /** Prices go down to 1e-10 a token; this leaves room for shares of them. */
    static final int MAX_SCALE = 30;

    static final String RULE = "0..1e12 with at most 30 decimals";

    private Money() {}

    static boolean isValid(BigDecimal usd) {
        return usd.signum() >= 0 && usd.scale() <= MAX_SCALE && usd.compareTo(MAX_USD) <= 0;
    }

    static @Nullable BigDecimal checked(String name, @Nullable BigDecimal usd) {
        return usd == null ? null : amount(name, usd);
    }

    /** The same amount without a power of ten above the point, so that it equals what is read back. */
    static BigDecimal amount(String name, BigDecimal usd) {
        Checks.require(isValid(usd), name, usd, RULE);
        return usd.scale() < 0 ? usd.setScale(0, RoundingMode.UNNECESSARY) : usd;
    }
}
