package dev.penstock.batching;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request brings into a shared prompt.
 *
 * @param parameters the members of its body that are sent as they are, the same for all of a group
 * @param system its system and developer messages, the same for all of a group
 * @param text what its user says
 */
record BatchItem(ObjectNode parameters, List<JsonNode> system, String text) {

    /** Of a request that this version would not let in. */
    static final BatchItem NONE = new BatchItem(JsonNodeFactory.instance.objectNode(), List.of(), "");

    BatchItem {
        system = List.copyOf(system);
    }

    /**
     * The output cap that it asks for, in tokens.
     *
     * @param otherwise where it asks for none
     */
    long outputCap(long otherwise) {
        long asked = parameters
                .path("max_completion_tokens")
                .asLong(parameters.path("max_tokens").asLong(otherwise));
        return Math.max(1, asked);
    }

    /** Names no content. */
    @Override
    public String toString() {
        return "BatchItem[" + text.length() + " characters]";
    }
}
