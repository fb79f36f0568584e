package dev.penstock.budget;

import java.util.Map;

/**
 * A target that a request may be sent to, as far as its cost goes.
 *
 * @param price the entry of the price table
 * @param tokenizer of its models
 * @param defaultOutputTokens what is sent as the output cap where the request has none
 * @param tokensOfPart the most tokens of one content part, by type; parts of other types have no bound
 */
public record PricedTarget(
        String price, Tokenizer tokenizer, long defaultOutputTokens, Map<String, Long> tokensOfPart) {

    public PricedTarget {
        tokensOfPart = Map.copyOf(tokensOfPart);
        tokensOfPart.forEach((type, tokens) -> {
            if (tokens < 0) {
                throw new IllegalArgumentException(type + ": " + tokens + " (expected: tokens of a part, at least 0)");
            }
        });
    }
}
