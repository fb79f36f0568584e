package dev.penstock.schemas;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a call used, in tokens.
 *
 * @param promptTokens all input, the cached part included
 * @param completionTokens all output, reasoning included
 * @param cachedTokens the part of the input that the provider had cached
 * @param reasoningTokens the part of the output that nobody sees
 */
public record TokenUsage(long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens) {

    /** No call uses more than this; it keeps sums of usage far from overflow. */
    public static final long MAX_TOKENS = 1_000_000_000_000L;

    public TokenUsage {
        inRange("prompt_tokens", promptTokens);
        inRange("completion_tokens", completionTokens);
        inRange("cached_tokens", cachedTokens);
        inRange("reasoning_tokens", reasoningTokens);
    }

    private static void inRange(String name, long tokens) {
        Checks.require(tokens >= 0 && tokens <= MAX_TOKENS, name, tokens, "0.." + MAX_TOKENS);
    }

    public long totalTokens() {
        return promptTokens + completionTokens;
    }

    /** Reads the {@code usage} object of a chat completion; empty if it is no such object or a count makes no sense. */
    public static Optional<TokenUsage> fromOpenAi(JsonNode usage) {
        long prompt = count(usage.path("prompt_tokens"), -1);
        long completion = count(usage.path("completion_tokens"), -1);
        long cached = count(usage.path("prompt_tokens_details").path("cached_tokens"), 0);
        long reasoning = count(usage.path("completion_tokens_details").path("reasoning_tokens"), 0);
        if (prompt < 0 || completion < 0 || cached < 0 || reasoning < 0) {
            return Optional.empty();
        }
        return Optional.of(new TokenUsage(prompt, completion, cached, reasoning));
    }

    private static long count(JsonNode node, long whenAbsent) {
        if (node.isMissingNode() || node.isNull()) {
            return whenAbsent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            return -1;
        }
        long tokens = node.longValue();
        return tokens <= MAX_TOKENS ? tokens : -1;
    }
}
