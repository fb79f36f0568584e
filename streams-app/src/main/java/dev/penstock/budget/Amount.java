package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost, or may cost, in money and tokens. What nobody knows counts as nothing in sums, and is still not zero.
 *
 * @param usd US dollars; null when no price is known
 * @param tokens input and output together; null when they are not known
 */
public record Amount(@Nullable BigDecimal usd, @Nullable Long tokens) {

    public Amount {
        if ((usd != null && usd.signum() < 0) || (tokens != null && tokens < 0)) {
            throw new IllegalArgumentException("amount: " + usd + " USD, " + tokens + " tokens (expected: at least 0)");
        }
    }

    /** What a call used, and what that cost. */
    public static Amount of(Cost cost, TokenUsage usage) {
        return new Amount(
                switch (cost) {
                    case Cost.Known known -> known.usd();
                    case Cost.UnknownPrice unknown -> null;
                },
                usage.totalTokens());
    }

    BigDecimal countedUsd() {
        return usd == null ? BigDecimal.ZERO : usd;
    }

    BigDecimal countedTokens() {
        return tokens == null ? BigDecimal.ZERO : BigDecimal.valueOf(tokens);
    }

    /** Whether this is more than the other in either measure. */
    boolean exceeds(Amount other) {
        return countedUsd().compareTo(other.countedUsd()) > 0 || countedTokens().compareTo(other.countedTokens()) > 0;
    }
}
