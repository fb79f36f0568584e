package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import tools.jackson.databind.JsonNode;

/**
 * The most output tokens that a chat completion can bring: its output cap for each of its {@code n} choices, and what it
 * predicts, since the predicted tokens that the model does not use are billed as output. Takes any JSON.
 *
 * @param tokenizer of the target's models
 * @param defaultCap what is sent as the cap where the request has none
 */
public record OutputBound(Tokenizer tokenizer, long defaultCap) {

    private static final String CAP = "max_completion_tokens";
    private static final String OLDER_CAP = "max_tokens";

    /** The bound of a body. */
    public TokenBound of(JsonNode body) {
        TokenTally tally = new TokenTally(tokenizer);
        tally.value(body.path("prediction"));
        tally.add(cap(tally, body));
        if (body.path("modalities").toString().contains("audio")) {
            tally.unbounded("audio output");
        }
        return times(tally.bound("more output than any model gives"), body.path("n"));
    }

    /** Both names may be there, and which of them the provider heeds is not ours to say. */
    private long cap(TokenTally tally, JsonNode body) {
        JsonNode cap = body.path(CAP);
        JsonNode older = body.path(OLDER_CAP);
        if (isAbsent(cap) && isAbsent(older)) {
            return defaultCap;
        }
        return Math.max(given(tally, CAP, cap), given(tally, OLDER_CAP, older));
    }

    private static long given(TokenTally tally, String name, JsonNode cap) {
        if (isAbsent(cap)) {
            return 0;
        }
        return TokenTally.count(cap).orElseGet(() -> {
            tally.unbounded(name);
            return 0L;
        });
    }

    private static TokenBound times(TokenBound one, JsonNode n) {
        if (!(one instanceof TokenBound.AtMost bound) || isAbsent(n)) {
            return one;
        }
        long choices = TokenTally.count(n).orElse(0L);
        // Both factors are at most 1e12, so the product has to be checked before it is taken.
        if (choices == 0 || bound.tokens() > TokenUsage.MAX_TOKENS / choices) {
            return new TokenBound.Unbounded("n");
        }
        return new TokenBound.AtMost(bound.tokens() * choices);
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
