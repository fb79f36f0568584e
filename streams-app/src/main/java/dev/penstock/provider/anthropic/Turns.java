package dev.penstock.provider.anthropic;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A conversation under construction: the turns of user and assistant alternate, so neighbours of one role become one turn. */
final class Turns {

    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode turns = JsonNodeFactory.instance.arrayNode();
    private @Nullable String role;
    private ArrayNode content = JsonNodeFactory.instance.arrayNode();

    /** Wherever it stood: this API has one system prompt, before everything. */
    void system(List<ObjectNode> blocks) {
        system.addAll(blocks);
    }

    void user(List<ObjectNode> blocks) {
        add(USER, blocks);
    }

    void assistant(List<ObjectNode> blocks) {
        add(ASSISTANT, blocks);
    }

    private void add(String speaker, List<ObjectNode> blocks) {
        if (!speaker.equals(role)) {
            role = speaker;
            content = turns.addObject().put("role", speaker).putArray("content");
        }
        content.addAll(blocks);
    }

    boolean beginWithUser() {
        return turns.path(0).path("role").asString("").equals(USER);
    }

    /** This API would go on with such a turn, where OpenAI's begins another; newer models refuse it. */
    boolean endWithAssistant() {
        return ASSISTANT.equals(role);
    }

    void writeTo(ObjectNode out) {
        if (!system.isEmpty()) {
            out.set("system", system);
        }
        out.set("messages", turns);
    }
}
