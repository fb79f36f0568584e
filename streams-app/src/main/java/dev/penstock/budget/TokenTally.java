package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.TokenCounter;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** Adds up tokens of a request, and stays unbounded once a part of it is. */
final class TokenTally {

    private static final BigDecimal MAX = BigDecimal.valueOf(TokenUsage.MAX_TOKENS);

    private final Tokenizer tokenizer;
    private final TokenCounter counter;
    private long tokens;
    private @Nullable String unbounded;

    TokenTally(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.counter = tokenizer.counter();
    }

    void add(long more) {
        // One past the most that has a bound stands for anything more, so that no sum overflows.
        tokens = Math.min(tokens + Math.min(more, TokenUsage.MAX_TOKENS + 1), TokenUsage.MAX_TOKENS + 1);
    }

    void part() {
        add(tokenizer.perPart());
    }

    /** A text counts as what it says, anything else as the JSON that it is. */
    void value(JsonNode node) {
        if (!node.isNull() && !node.isMissingNode()) {
            add(counter.count(node.isString() ? node.stringValue() : node.toString()));
        }
    }

    void unbounded(String what) {
        if (unbounded == null) {
            unbounded = what;
        }
    }

    TokenBound bound(String what) {
        if (unbounded != null) {
            return new TokenBound.Unbounded(unbounded);
        }
        return tokens > TokenUsage.MAX_TOKENS ? new TokenBound.Unbounded(what) : new TokenBound.AtMost(tokens);
    }

    /** A number of something, from 1 on; empty for what is none, or too many. No exponent is expanded. */
    static Optional<Long> count(JsonNode node) {
        if (!(node instanceof NumericNode number) || number.isNaN()) {
            return Optional.empty();
        }
        BigDecimal value = number.decimalValue();
        if (value.signum() <= 0
                || value.compareTo(MAX) > 0
                || value.stripTrailingZeros().scale() > 0) {
            return Optional.empty();
        }
        return Optional.of(value.longValueExact());
    }
}
