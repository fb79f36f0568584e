package dev.penstock.provider.anthropic;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools that the model may call, and whether it must. */
final class Tools {

    private static final String FUNCTION = "function";
    private static final String CHOICES = "auto, none, required or a function by name";

    private Tools() {}

    static void translate(Asked body, ObjectNode out) throws Untranslatable {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Asked tool : body.objects("tools")) {
            tools.add(tool(tool));
        }
        ObjectNode choice = choice(body);
        boolean parallel = body.flag("parallel_tool_calls", true);
        if (tools.isEmpty()) {
            return;
        }
        out.set("tools", tools);
        ObjectNode sent = parallel ? choice : oneAtATime(choice);
        if (sent != null) {
            out.set("tool_choice", sent);
        }
    }

    private static ObjectNode tool(Asked tool) throws Untranslatable {
        Asked function = function(tool);
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("name", function.text("name"));
        Optional<String> description = function.optionalText("description");
        description.ifPresent(text -> out.put("description", text));
        out.set("input_schema", schema(function));
        if (function.flag("strict", false)) {
            out.put("strict", true);
        }
        function.nothingElse();
        tool.nothingElse();
        return out;
    }

    private static Asked function(Asked owner) throws Untranslatable {
        if (!owner.text("type").equals(FUNCTION)) {
            throw owner.refusal("type", FUNCTION);
        }
        return owner.object(FUNCTION);
    }

    /** OpenAI lets parameters out for a function that has none; here the schema of an object is required. */
    private static ObjectNode schema(Asked function) throws Untranslatable {
        JsonNode parameters = function.take("parameters").orElseGet(JsonNodeFactory.instance::objectNode);
        if (!(parameters instanceof ObjectNode schema)) {
            throw function.refusal("parameters", "an object");
        }
        return schema.has("type")
                ? schema
                : JsonNodeFactory.instance.objectNode().put("type", "object").setAll(schema);
    }

    /** Null where the provider's default is meant. */
    private static @Nullable ObjectNode choice(Asked body) throws Untranslatable {
        JsonNode choice = body.take("tool_choice").orElse(null);
        if (choice == null) {
            return null;
        }
        if (choice.isObject()) {
            return named(body.object("tool_choice"));
        }
        return switch (choice.asString("")) {
            case "auto" -> null;
            case "none" -> ofType("none");
            case "required" -> ofType("any");
            default -> throw body.refusal("tool_choice", CHOICES);
        };
    }

    private static ObjectNode named(Asked choice) throws Untranslatable {
        Asked function = function(choice);
        ObjectNode out = ofType("tool").put("name", function.text("name"));
        function.nothingElse();
        choice.nothingElse();
        return out;
    }

    private static ObjectNode oneAtATime(@Nullable ObjectNode choice) {
        ObjectNode limited = choice == null ? ofType("auto") : choice;
        return limited.path("type").asString("").equals("none")
                ? limited
                : limited.put("disable_parallel_tool_use", true);
    }

    private static ObjectNode ofType(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
