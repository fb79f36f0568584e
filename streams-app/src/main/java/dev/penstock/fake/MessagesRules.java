package dev.penstock.fake;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the Messages API refuses, as far as a translation could get it wrong. */
final class MessagesRules {

    private static final List<String> SAMPLING = List.of("temperature", "top_p", "top_k");

    private MessagesRules() {}

    /**
     * @param version the header; the two versions there are differ in what they take
     */
    static boolean accept(String version, ObjectNode request) {
        return switch (version) {
            case "2023-06-01" -> accept(request);
            case "2026-10-21" -> accept(request) && SAMPLING.stream().noneMatch(request::has);
            default -> false;
        };
    }

    private static boolean accept(ObjectNode request) {
        return request.path("model").isString()
                && request.path("max_tokens").isIntegralNumber()
                && request.path("max_tokens").asLong() >= 1
                && !request.path("stream").asBoolean(false)
                && acceptMessages(request.path("messages"))
                && acceptTools(request.path("tools"));
    }

    private static boolean acceptMessages(JsonNode messages) {
        return messages.isArray()
                && messages.path(0).path("role").asString("").equals("user")
                && messages.valueStream().allMatch(MessagesRules::acceptMessage);
    }

    private static boolean acceptMessage(JsonNode message) {
        String role = message.path("role").asString("");
        JsonNode content = message.path("content");
        boolean said = content.isString()
                ? !content.stringValue().isEmpty()
                : content.isArray()
                        && !content.isEmpty()
                        && content.valueStream().allMatch(MessagesRules::acceptBlock);
        return said && (role.equals("user") || role.equals("assistant"));
    }

    private static boolean acceptBlock(JsonNode block) {
        return switch (block.path("type").asString("")) {
            case "text" -> !block.path("text").asString("").isEmpty();
            case "image" -> block.path("source").path("type").isString();
            case "tool_use" ->
                block.path("id").isString()
                        && block.path("name").isString()
                        && block.path("input").isObject();
            case "tool_result" -> block.path("tool_use_id").isString();
            default -> false;
        };
    }

    private static boolean acceptTools(JsonNode tools) {
        return tools.valueStream()
                .allMatch(tool -> tool.path("name").isString()
                        && tool.path("input_schema").path("type").asString("").equals("object"));
    }
}
