package dev.penstock.provider.anthropic;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Sorts OpenAI's messages into the system prompt and turns of user and assistant. */
final class MessageList {

    private static final String MESSAGES = "messages";

    private MessageList() {}

    static void translate(Asked body, ObjectNode out) throws Untranslatable {
        Turns turns = new Turns();
        for (Asked message : body.objects(MESSAGES)) {
            add(message, turns);
            message.nothingElse();
        }
        if (!turns.beginWithUser()) {
            throw body.refusal(MESSAGES, "a user message before any of the assistant's");
        }
        if (turns.endWithAssistant()) {
            throw body.refusal(MESSAGES, "no message of the assistant's at the end");
        }
        turns.writeTo(out);
    }

    private static void add(Asked message, Turns turns) throws Untranslatable {
        switch (message.text("role")) {
            case "system", "developer" -> turns.system(ContentParts.texts(message));
            case "user" -> turns.user(notEmpty(message, ContentParts.textsAndImages(message)));
            case "assistant" -> turns.assistant(assistant(message));
            case "tool" -> turns.user(List.of(ToolBlocks.result(message)));
            default -> throw message.refusal("role", "system, developer, user, assistant or tool");
        }
    }

    /** Text first, then the calls, as the model wrote them. */
    private static List<ObjectNode> assistant(Asked message) throws Untranslatable {
        List<ObjectNode> blocks = ContentParts.texts(message);
        String refusal = message.optionalText("refusal").orElse("");
        if (!refusal.isEmpty()) {
            blocks.add(ContentParts.text(refusal));
        }
        for (Asked call : message.objects("tool_calls")) {
            blocks.add(ToolBlocks.use(call));
        }
        message.drop("annotations");
        return notEmpty(message, blocks);
    }

    private static List<ObjectNode> notEmpty(Asked message, List<ObjectNode> blocks) throws Untranslatable {
        if (blocks.isEmpty()) {
            throw message.refusal("content", "not empty for Anthropic");
        }
        return blocks;
    }
}
