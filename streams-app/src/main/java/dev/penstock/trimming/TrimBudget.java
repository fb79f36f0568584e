package dev.penstock.trimming;

import dev.penstock.schemas.Trim;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a prompt may be, and who said so.
 *
 * @param source the field that set the limit, as messages name it
 * @param tokens at least 0
 */
record TrimBudget(String source, long tokens) {

    private static final String REQUEST = "trim.max_input_tokens";
    private static final String CONTEXT = "context of the model less the output cap";
    private static final String REFUSED = "context of the model, by the provider's count";

    TrimBudget {
        if (tokens < 0) {
            throw new IllegalArgumentException(source + ": " + tokens + " (expected: at least 0)");
        }
    }

    /**
     * The smaller of what the request asks and what the target takes; empty if neither is known, or the request wants its
     * prompt whole.
     *
     * @param contextTokens what the target's model takes, input and output together
     * @param outputCap the output cap that is sent
     */
    static Optional<TrimBudget> of(@Nullable Trim trim, OptionalLong contextTokens, long outputCap) {
        if (trim != null && trim.isNever()) {
            return Optional.empty();
        }
        Optional<TrimBudget> room = contextTokens.isEmpty()
                ? Optional.empty()
                : Optional.of(new TrimBudget(CONTEXT, Math.max(0, contextTokens.getAsLong() - outputCap)));
        if (trim == null) {
            return room;
        }
        TrimBudget asked = new TrimBudget(REQUEST, trim.maxInputTokens());
        return Optional.of(room.filter(limit -> limit.tokens() < asked.tokens()).orElse(asked));
    }

    /**
     * For the one more try after a provider refused a prompt as too long: its count is higher than ours, by how much it
     * rarely says.
     *
     * @param sentTokens what the refused prompt had by our count
     */
    static TrimBudget afterRefusal(long sentTokens) {
        return new TrimBudget(REFUSED, sentTokens / 5 * 4);
    }
}
