package dev.penstock.schemas;

/**
 * Leave to shorten a prompt that is too long, or {@link #NEVER}.
 *
 * @param maxInputTokens the prompt is cut to this many tokens, at least 1
 */
public record Trim(long maxInputTokens) {

    /** The prompt is sent whole, whatever the target's context is. */
    public static final Trim NEVER = new Trim(Long.MAX_VALUE);

    public Trim {
        Checks.positive("max_input_tokens", maxInputTokens);
    }

    public boolean isNever() {
        return equals(NEVER);
    }
}
