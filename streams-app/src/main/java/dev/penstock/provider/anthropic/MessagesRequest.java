package dev.penstock.provider.anthropic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes OpenAI's request body as one of the Messages API. */
final class MessagesRequest {

    private final int defaultMaxTokens;

    /**
     * @param defaultMaxTokens the output cap for a request that has none
     */
    MessagesRequest(int defaultMaxTokens) {
        this.defaultMaxTokens = defaultMaxTokens;
    }

    /**
     * @param body not changed; parts of it may stand in the result
     * @throws Untranslatable if a field has no counterpart
     */
    ObjectNode of(ObjectNode body) throws Untranslatable {
        Asked asked = new Asked("body", body);
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("model", asked.text("model"));
        out.put("max_tokens", maxTokens(asked));
        MessageList.translate(asked, out);
        Sampling.translate(asked, out);
        Tools.translate(asked, out);
        NeutralFields.check(asked);
        asked.drop("store", "metadata", "prompt_cache_key", "prompt_cache_retention");
        asked.nothingElse();
        return out;
    }

    private long maxTokens(Asked asked) throws Untranslatable {
        long older = cap(asked, "max_tokens", defaultMaxTokens);
        return cap(asked, "max_completion_tokens", older);
    }

    private static long cap(Asked asked, String name, long whenAbsent) throws Untranslatable {
        JsonNode cap = asked.take(name).orElse(null);
        if (cap == null) {
            return whenAbsent;
        }
        if (!cap.isIntegralNumber() || !cap.canConvertToLong() || cap.longValue() < 1) {
            throw asked.refusal(name, "a whole number, at least 1");
        }
        return cap.longValue();
    }
}
