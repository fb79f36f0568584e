package dev.penstock.provider.anthropic;

import dev.penstock.provider.http.Reading;
import dev.penstock.schemas.TokenUsage;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a message of the Messages API as OpenAI's chat completion. */
final class MessagesAnswer {

    private MessagesAnswer() {}

    /**
     * @param now when it came: the Messages API does not say when it was made
     */
    static Reading read(ObjectNode message, Instant now) {
        Optional<MessagesUsage> usage = MessagesUsage.of(message.path("usage"));
        TokenUsage tokens = usage.map(MessagesUsage::tokens).orElse(null);
        if (!message.path("type").asString("").equals("message")
                || !message.path("content").isArray()) {
            return new Reading.Unusable("a JSON object that is no message", tokens);
        }
        Said said = new Said();
        for (JsonNode block : message.path("content")) {
            if (!said.add(block)) {
                return new Reading.Unusable("a tool call without id or name", tokens);
            }
        }
        ObjectNode completion = completion(message, said, now);
        usage.ifPresent(counts -> completion.set("usage", counts.openAi()));
        return new Reading.Completion(completion, tokens);
    }

    private static ObjectNode completion(ObjectNode message, Said said, Instant now) {
        ObjectNode completion = JsonNodeFactory.instance.objectNode();
        completion.put("id", message.path("id").asString(""));
        completion.put("object", "chat.completion");
        completion.put("created", now.getEpochSecond());
        completion.put("model", message.path("model").asString(""));
        completion.putArray("choices").add(choice(message.path("stop_reason"), said));
        return completion;
    }

    private static ObjectNode choice(JsonNode stopReason, Said said) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        choice.put("index", 0);
        choice.set("message", said.message());
        choice.putNull("logprobs");
        choice.put("finish_reason", finishReason(stopReason.asString("")));
        choice.put("native_finish_reason", stopReason.asString(""));
        return choice;
    }

    /** What is not known to be a whole answer is called cut, so that nobody takes it for whole or keeps it. */
    private static String finishReason(String stopReason) {
        return switch (stopReason) {
            case "end_turn", "stop_sequence" -> "stop";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "length";
        };
    }

    /** The blocks of a message, put together. Blocks of other kinds are answers to what we never ask for. */
    private static final class Said {

        private final StringBuilder text = new StringBuilder();
        private final ArrayNode calls = JsonNodeFactory.instance.arrayNode();

        /** False if it makes no sense. */
        boolean add(JsonNode block) {
            switch (block.path("type").asString("")) {
                case "text" -> text.append(block.path("text").asString(""));
                case "tool_use" -> {
                    return addCall(block);
                }
                default -> {}
            }
            return true;
        }

        private boolean addCall(JsonNode block) {
            if (!block.path("id").isString() || !block.path("name").isString()) {
                return false;
            }
            JsonNode input = block.path("input");
            calls.addObject()
                    .put("id", block.path("id").stringValue())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", block.path("name").stringValue())
                    .put("arguments", input.isObject() ? input.toString() : "{}");
            return true;
        }

        ObjectNode message() {
            ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
            if (text.isEmpty() && !calls.isEmpty()) {
                message.putNull("content");
            } else {
                message.put("content", text.toString());
            }
            message.putNull("refusal");
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
            return message;
        }
    }
}
