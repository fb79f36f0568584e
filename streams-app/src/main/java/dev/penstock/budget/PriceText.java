package dev.penstock.budget;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads US dollars a token. What is no such amount is reported, with the place where it stands. */
final class PriceText {

    /** The dearest model that is sold costs less than this; a price a million tokens is far above it. */
    static final BigDecimal DEAREST = new BigDecimal("0.001");

    /** A billionth of a millionth of a cent. It bounds the digits of every sum. */
    static final int MAX_SCALE = 20;

    private static final int MAX_SHOWN = 40;

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{0,20}\\.?[0-9]{1,40}([eE][+-]?[0-9]{1,3})?");

    private final Consumer<String> problems;

    PriceText(Consumer<String> problems) {
        this.problems = problems;
    }

    /** @param where place, model and field, for the report */
    Optional<BigDecimal> read(String where, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            problems.accept(where + ": " + shown(text) + " (expected: US dollars a token, 0.." + DEAREST + ")");
            return Optional.empty();
        }
        return check(where, new BigDecimal(text));
    }

    Optional<BigDecimal> check(String where, BigDecimal usd) {
        if (usd.signum() < 0) {
            problems.accept(where + ": " + usd + " (expected: US dollars a token, 0.." + DEAREST + ")");
            return Optional.empty();
        }
        if (usd.compareTo(DEAREST) > 0) {
            problems.accept(where + ": " + usd + " (expected: US dollars for one token, at most " + DEAREST
                    + "; this looks like a price for a thousand or a million)");
            return Optional.empty();
        }
        BigDecimal shortest = usd.stripTrailingZeros();
        if (shortest.scale() > MAX_SCALE) {
            problems.accept(where + ": " + usd + " (expected: at most " + MAX_SCALE + " decimals)");
            return Optional.empty();
        }
        return Optional.of(shortest.scale() < 0 ? shortest.setScale(0) : shortest);
    }

    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
