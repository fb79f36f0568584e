package dev.penstock.batching;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a target can be held to JSON. The schema is the same for every call, because vendors compile and keep it. */
enum AnswerFormat {
    JSON_SCHEMA,
    JSON_OBJECT,
    /** By the prompt's words alone. */
    IN_WORDS;

    static final String ANSWERS = "answers";
    static final String ID = "id";
    static final String ANSWER = "answer";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The body's {@code response_format}; empty if there is none to send. */
    Optional<JsonNode> responseFormat() {
        return switch (this) {
            case JSON_SCHEMA -> {
                ObjectNode format = NODES.objectNode().put("type", "json_schema");
                format.putObject("json_schema")
                        .put("name", ANSWERS)
                        .put("strict", true)
                        .set("schema", schema());
                yield Optional.of(format);
            }
            case JSON_OBJECT -> Optional.of(NODES.objectNode().put("type", "json_object"));
            case IN_WORDS -> Optional.empty();
        };
    }

    private static ObjectNode schema() {
        ObjectNode text = NODES.objectNode().put("type", "string");
        ObjectNode item = closed(NODES.objectNode().set(ID, text).set(ANSWER, text.deepCopy()), ID, ANSWER);
        ObjectNode list = NODES.objectNode().put("type", "array");
        list.set("items", item);
        return closed(NODES.objectNode().set(ANSWERS, list), ANSWERS);
    }

    private static ObjectNode closed(JsonNode properties, String... required) {
        ObjectNode object = NODES.objectNode().put("type", "object");
        object.set("properties", properties);
        var names = object.putArray("required");
        for (String name : required) {
            names.add(name);
        }
        return object.put("additionalProperties", false);
    }
}
