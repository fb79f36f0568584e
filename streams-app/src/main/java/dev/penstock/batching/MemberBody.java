package dev.penstock.batching;

import dev.penstock.schemas.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a shared answer the chat completion that a member would have got alone. */
final class MemberBody {

    /** Members of the shared answer that hold for each member too. The provider's id stays: it is the call's. */
    private static final String[] COMMON = {"id", "object", "created", "model", "system_fingerprint", "service_tier"};

    private MemberBody() {}

    /**
     * Writes the member's answer.
     *
     * @param shared what the provider answered
     * @param text the member's
     * @param usage the member's share; null where the provider did not say what the call used
     */
    static ObjectNode of(JsonNode shared, String text, @Nullable TokenUsage usage) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (String name : COMMON) {
            if (shared.has(name)) {
                body.set(name, shared.path(name));
            }
        }
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", text)
                .putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", "stop");
        if (usage != null) {
            body.set("usage", usage(usage));
        }
        return body;
    }

    private static ObjectNode usage(TokenUsage tokens) {
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.put("prompt_tokens", tokens.promptTokens());
        usage.put("completion_tokens", tokens.completionTokens());
        usage.put("total_tokens", tokens.totalTokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", tokens.cachedTokens());
        usage.putObject("completion_tokens_details").put("reasoning_tokens", tokens.reasoningTokens());
        return usage;
    }
}
