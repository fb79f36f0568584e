package dev.penstock.budget;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The body of a request with the bounds of its tokens. A bound is counted once, however many targets and tiers are asked
 * about: what they have in common is the tokenizer and its settings for parts. Used by one thread.
 */
final class CountedBody {

    private final JsonNode body;
    private final Map<InputBound, TokenBound> inputs = new HashMap<>();
    private final Map<OutputBound, TokenBound> outputs = new HashMap<>();

    /** @param body of the chat completion */
    CountedBody(JsonNode body) {
        this.body = body;
    }

    JsonNode body() {
        return body;
    }

    TokenBound input(PricedTarget target) {
        return inputs.computeIfAbsent(
                new InputBound(target.tokenizer(), target.tokensOfPart()), bound -> bound.of(body));
    }

    TokenBound output(PricedTarget target) {
        return outputs.computeIfAbsent(
                new OutputBound(target.tokenizer(), target.defaultOutputTokens()), bound -> bound.of(body));
    }
}
