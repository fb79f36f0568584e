package dev.penstock.schemas;

/**
 * Leave to shorten a prompt that is too long.
 *
 * @param maxInputTokens the prompt is cut to this many tokens, at least 1
 */
public record Trim(long maxInputTokens) {
    public Trim {
        Checks.positive("max_input_tokens", maxInputTokens);
    }
}
