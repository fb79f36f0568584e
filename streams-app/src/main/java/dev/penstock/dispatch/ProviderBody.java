package dev.penstock.dispatch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a request's body what is sent: every field as it came, but a model that a provider knows, and an output cap. */
final class ProviderBody {

    private static final String MODEL = "model";
    private static final String TIER_PREFIX = "tier:";
    /** The names under which providers know the output cap; the newer one first. */
    private static final String OUTPUT_CAP = "max_completion_tokens";

    private static final String OLDER_OUTPUT_CAP = "max_tokens";

    private final String defaultModel;
    private final int defaultOutputTokens;

    /**
     * @param defaultModel what {@code auto} and {@code tier:NAME} come to
     * @param defaultOutputTokens the cap for a request that has none
     */
    ProviderBody(String defaultModel, int defaultOutputTokens) {
        this.defaultModel = defaultModel;
        this.defaultOutputTokens = defaultOutputTokens;
    }

    String modelFor(JsonNode asked) {
        String model = asked.path(MODEL).asString("auto");
        return model.equals("auto") || model.startsWith(TIER_PREFIX) ? defaultModel : model;
    }

    ObjectNode of(ObjectNode asked) {
        ObjectNode sent = asked.deepCopy();
        sent.put(MODEL, modelFor(asked));
        if (!asked.hasNonNull(OUTPUT_CAP) && !asked.hasNonNull(OLDER_OUTPUT_CAP)) {
            sent.put(OUTPUT_CAP, defaultOutputTokens);
        }
        return sent;
    }
}
