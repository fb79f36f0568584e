package dev.penstock.cli;

import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a request is like without what it says: names, kinds and sizes. Only the values of fields that hold no content are shown. */
final class RequestOutline {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> SHOWN = Set.of(
            "custom_id", "tenant", "method", "url", "task", "priority", "deadline", "timeout_ms", "cache", "batch");
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final int MOST_ROWS = 40;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 200;

    private final ArrayNode rows = JsonNodeFactory.instance.arrayNode();

    private RequestOutline() {}

    /** @param isCut whether it is only the beginning of the request */
    static ArrayNode of(byte[] value, boolean isCut) {
        RequestOutline outline = new RequestOutline();
        JsonNode request = isCut ? null : read(value);
        if (request == null || !request.isObject()) {
            outline.row(
                    "request", value.length + " bytes, " + (isCut ? "only the beginning was kept" : "no JSON object"));
        } else {
            outline.request(request);
        }
        return outline.rows;
    }

    private static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (JacksonException malformed) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private void request(JsonNode request) {
        for (Map.Entry<String, JsonNode> field : request.properties()) {
            if (field.getKey().equals("body") && field.getValue().isObject()) {
                body(field.getValue());
            } else {
                boolean plain =
                        SHOWN.contains(field.getKey()) && field.getValue().isValueNode();
                row(field.getKey(), plain ? field.getValue().asString() : size(field.getValue()));
            }
        }
    }

    private void body(JsonNode body) {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.equals("messages") && value.isArray()) {
                value.forEach(this::message);
            } else {
                boolean plain = name.equals("model") || value.isNumber() || value.isBoolean();
                row("body." + name, plain && value.isValueNode() ? value.asString() : size(value));
            }
        }
    }

    private void message(JsonNode message) {
        String role = message.path("role").asString("");
        row("message", (ROLES.contains(role) ? role : "other role") + ", " + size(message.path("content")));
    }

    private static String size(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.stringValue().length() + " characters, hidden";
            case ARRAY -> "list of " + value.size() + ", hidden";
            case OBJECT -> "object of " + value.size() + ", hidden";
            default -> "hidden";
        };
    }

    private void row(String name, String value) {
        if (rows.size() < MOST_ROWS) {
            rows.addObject().put("name", Cell.escaped(name, MAX_NAME)).put("value", Cell.escaped(value, MAX_VALUE));
        }
    }
}
