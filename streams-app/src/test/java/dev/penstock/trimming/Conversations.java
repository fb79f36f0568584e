package dev.penstock.trimming;

import java.util.Random;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random conversations: turns, tool calls with results, parts, texts full of surrogate pairs, each with an end of its own. */
final class Conversations {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Random random;
    private final ArrayNode messages = NODES.arrayNode();
    private int calls;
    private int texts;

    Conversations(Random random) {
        this.random = random;
    }

    ObjectNode body() {
        ObjectNode body = NODES.objectNode().put("model", "m").put("temperature", 0.5);
        body.set("messages", messages);
        body.put("unknown_field", text(3));
        if (random.nextBoolean()) {
            body.putArray("tools").addObject().put("type", "function").put("name", text(5));
        }
        if (random.nextInt(4) > 0) {
            say(random.nextBoolean() ? "system" : "developer");
        }
        for (int turns = random.nextInt(7); turns > 0; turns--) {
            turn();
        }
        if (random.nextInt(10) > 0) {
            say("user");
            if (random.nextInt(3) == 0) {
                answers();
            }
        }
        return body;
    }

    private void turn() {
        for (int i = random.nextInt(3); i >= 0; i--) {
            say("user");
        }
        if (random.nextInt(8) == 0) {
            say("system");
        }
        answers();
    }

    private void answers() {
        for (int i = random.nextInt(3); i > 0; i--) {
            if (random.nextBoolean()) {
                say("assistant");
            } else {
                useTools();
            }
        }
    }

    private void useTools() {
        int number = 1 + random.nextInt(3);
        int first = calls;
        ObjectNode assistant = messages.addObject().put("role", "assistant");
        if (random.nextBoolean()) {
            assistant.put("content", text(60));
        } else {
            assistant.putNull("content");
        }
        ArrayNode list = assistant.putArray("tool_calls");
        for (int i = 0; i < number; i++) {
            list.addObject().put("id", "call-" + calls++).put("arguments", text(10));
        }
        for (int i = 0; i < number; i++) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", "call-" + (first + i))
                    .put("content", text(120));
        }
    }

    private void say(String role) {
        ObjectNode message = messages.addObject().put("role", role);
        if (random.nextInt(3) > 0) {
            message.put("content", text(150));
            return;
        }
        ArrayNode parts = message.putArray("content");
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (random.nextInt(12) == 0) {
                parts.addObject()
                        .put("type", "image_url")
                        .putObject("image_url")
                        .put("url", "data:,");
            } else {
                parts.addObject().put("type", "text").put("text", text(80));
            }
        }
    }

    private String text(int words) {
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? words * 12 : words);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "😀";
                        case 1 -> "漢字 ";
                        case 2 -> "word ";
                        default -> "a" + random.nextInt(100) + "\n";
                    });
        }
        return text.append('#').append(texts++).toString();
    }
}
