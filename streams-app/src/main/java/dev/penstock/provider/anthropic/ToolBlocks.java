package dev.penstock.provider.anthropic;

import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls of tools that the assistant made before, and what came of them. */
final class ToolBlocks {

    /** A model wrote them, so half a surrogate pair is possible; the size is bounded by the request's. */
    private static final BoundedJson ARGUMENTS =
            new BoundedJson(new CodecLimits(1 << 30, 100, 1 << 30, 1_000, 1 << 30), BoundedJson.HalfPairs.REPLACE);

    private ToolBlocks() {}

    static ObjectNode use(Asked call) throws Untranslatable {
        if (!call.text("type").equals("function")) {
            throw call.refusal("type", "function");
        }
        Asked function = call.object("function");
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        block.put("type", "tool_use").put("id", call.text("id")).put("name", function.text("name"));
        block.set("input", input(function));
        function.nothingElse();
        call.nothingElse();
        return block;
    }

    /** OpenAI's arguments are JSON in a text; models write the empty text for none. */
    private static ObjectNode input(Asked function) throws Untranslatable {
        String arguments = function.text("arguments");
        if (arguments.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        BoundedJson.Read read = ARGUMENTS.read(arguments.getBytes(StandardCharsets.UTF_8));
        if (read instanceof BoundedJson.Read.Tree tree && tree.node() instanceof ObjectNode input) {
            return input;
        }
        throw function.refusal("arguments", "a JSON object");
    }

    static ObjectNode result(Asked message) throws Untranslatable {
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        block.put("type", "tool_result").put("tool_use_id", message.text("tool_call_id"));
        List<ObjectNode> content = ContentParts.texts(message);
        if (!content.isEmpty()) {
            block.putArray("content").addAll(content);
        }
        message.drop("name");
        return block;
    }
}
