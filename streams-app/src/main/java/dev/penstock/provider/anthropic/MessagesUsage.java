package dev.penstock.provider.anthropic;

import dev.penstock.schemas.TokenUsage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call used. The four parts do not overlap, unlike OpenAI's, whose prompt tokens include the cached ones.
 *
 * @param input read anew
 * @param cacheWritten read anew and kept by the provider, at a higher price
 * @param cacheRead kept by the provider from an earlier call
 * @param output all output, thinking included
 * @param thinking the part of the output that nobody sees
 */
record MessagesUsage(long input, long cacheWritten, long cacheRead, long output, long thinking) {

    /** Reads the {@code usage} object of a message; empty if it is no such object or a count makes no sense. */
    static Optional<MessagesUsage> of(JsonNode usage) {
        long input = count(usage.path("input_tokens"), -1);
        long written = count(usage.path("cache_creation_input_tokens"), 0);
        long read = count(usage.path("cache_read_input_tokens"), 0);
        long output = count(usage.path("output_tokens"), -1);
        long thinking = count(usage.path("output_tokens_details").path("thinking_tokens"), 0);
        boolean sensible = input >= 0 && written >= 0 && read >= 0 && output >= 0 && thinking >= 0;
        return sensible && input + written + read <= TokenUsage.MAX_TOKENS
                ? Optional.of(new MessagesUsage(input, written, read, output, thinking))
                : Optional.empty();
    }

    private static long count(JsonNode node, long whenAbsent) {
        if (node.isMissingNode() || node.isNull()) {
            return whenAbsent;
        }
        boolean whole = node.isIntegralNumber() && node.canConvertToLong();
        return whole && node.longValue() <= TokenUsage.MAX_TOKENS ? node.longValue() : -1;
    }

    TokenUsage tokens() {
        return new TokenUsage(input + cacheWritten + cacheRead, output, cacheRead, thinking);
    }

    /** As OpenAI has it. It has no name for tokens written to the cache, so they keep Anthropic's. */
    ObjectNode openAi() {
        TokenUsage tokens = tokens();
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", tokens.promptTokens());
        usage.put("completion_tokens", tokens.completionTokens());
        usage.put("total_tokens", tokens.totalTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", cacheRead);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", thinking);
        if (cacheWritten > 0) {
            usage.put("cache_creation_input_tokens", cacheWritten);
        }
        return usage;
    }
}
