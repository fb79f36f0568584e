package dev.penstock.fake;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fake calls a tool only where it must: the one that is named, else the first. */
final class ForcedTool {

    private ForcedTool() {}

    /**
     * @param any some tool must be called
     * @param named the name of the one that must be called, if it is one
     * @param first the name of the first tool that there is
     */
    static Optional<String> name(boolean any, JsonNode named, JsonNode first) {
        JsonNode name = named.isString() ? named : first;
        return (any || named.isString()) && name.isString() ? Optional.of(name.stringValue()) : Optional.empty();
    }

    /** What the answer would have said, whatever the tool takes. */
    static ObjectNode arguments(FakeAnswer.Said said) {
        return JsonNodeFactory.instance.objectNode().put("text", said.text());
    }
}
