package dev.penstock.provider.anthropic;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The content of a message as blocks. Empty texts are left out, as the Messages API refuses them. */
final class ContentParts {

    private static final String CONTENT = "content";
    private static final String CACHE_CONTROL = "cache_control";

    private ContentParts() {}

    static List<ObjectNode> texts(Asked message) throws Untranslatable {
        return blocks(message, false);
    }

    static List<ObjectNode> textsAndImages(Asked message) throws Untranslatable {
        return blocks(message, true);
    }

    static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
    }

    private static List<ObjectNode> blocks(Asked message, boolean images) throws Untranslatable {
        List<ObjectNode> blocks = new ArrayList<>();
        JsonNode content = message.take(CONTENT).orElse(null);
        if (content == null) {
            return blocks;
        }
        if (content.isString()) {
            addText(blocks, content.stringValue());
        } else if (content.isArray()) {
            for (Asked part : message.objects(CONTENT)) {
                addPart(blocks, part, images);
            }
        } else {
            throw message.refusal(CONTENT, "text or an array of parts");
        }
        return blocks;
    }

    private static void addPart(List<ObjectNode> blocks, Asked part, boolean images) throws Untranslatable {
        int before = blocks.size();
        String type = part.text("type");
        if (type.equals("text")) {
            addText(blocks, part.text("text"));
        } else if (type.equals("image_url") && images) {
            blocks.add(Images.block(part.object("image_url")));
        } else {
            throw part.refusal("type", images ? "text or image_url" : "text");
        }
        JsonNode cacheControl = part.take(CACHE_CONTROL).orElse(null);
        if (cacheControl != null && blocks.size() > before) {
            blocks.getLast().set(CACHE_CONTROL, cacheControl);
        }
        part.nothingElse();
    }

    private static void addText(List<ObjectNode> blocks, String text) {
        if (!text.isEmpty()) {
            blocks.add(text(text));
        }
    }
}
