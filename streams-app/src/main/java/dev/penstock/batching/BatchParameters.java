package dev.penstock.batching;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the parameters of a body that may share a prompt. A list of what is known to work: a field that we do not know may
 * mean something that one prompt for many cannot honour, and going alone is always right. Who asks ({@code user}) is among
 * what members must have in common.
 */
final class BatchParameters {

    static final Set<String> CARRIED = Set.of(
            "model",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
            "max_tokens",
            "max_completion_tokens",
            "reasoning_effort",
            "verbosity",
            "service_tier",
            "user",
            "safety_identifier");

    /** Say nothing that a shared call could use. */
    private static final Set<String> LEFT_OUT =
            Set.of("messages", "metadata", "prompt_cache_key", "prompt_cache_retention");

    private BatchParameters() {}

    /** Empty if a field stands against sharing. */
    static Optional<ObjectNode> of(ObjectNode body) {
        ObjectNode carried = JsonNodeFactory.instance.objectNode();
        for (var member : body.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (CARRIED.contains(name)) {
                carried.set(name, value);
            } else if (!value.isNull() && !LEFT_OUT.contains(name) && !saysNothing(name, value)) {
                return Optional.empty();
            }
        }
        return Optional.of(carried);
    }

    /** Many clients write every field they have, at its default. */
    private static boolean saysNothing(String name, JsonNode value) {
        return switch (name) {
            case "stream", "logprobs", "store" -> value.isBoolean() && !value.booleanValue();
            case "n" -> value.isInt() && value.intValue() == 1;
            case "top_logprobs" -> value.isInt() && value.intValue() == 0;
            case "tools", "functions", "stop" -> value.isArray() && value.isEmpty();
            case "response_format" -> value.path("type").asString("").equals("text");
            case "modalities" -> value.size() == 1 && value.path(0).asString("").equals("text");
            default -> false;
        };
    }
}
