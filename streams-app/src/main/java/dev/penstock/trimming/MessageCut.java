package dev.penstock.trimming;

import dev.penstock.work.TokenCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Cuts one message from its start: a text at a character, a content of parts at a part or inside a part's text. */
final class MessageCut {

    /** Less than this behind the marker helps nobody. */
    static final long MIN_KEPT_TOKENS = 8;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final PromptTokens tokens;
    private final TextTail tail;
    private final long markerTokens;

    MessageCut(TokenCounter counter) {
        this.tokens = new PromptTokens(counter);
        this.tail = new TextTail(counter);
        this.markerTokens = counter.count(TextTail.MARKER);
    }

    /**
     * The message with less content; empty if nothing worth keeping would be left.
     *
     * @param maxTokens of the content, marker included
     */
    Optional<ObjectNode> cut(ObjectNode message, long maxTokens) {
        if (maxTokens < markerTokens + MIN_KEPT_TOKENS) {
            return Optional.empty();
        }
        return content(message.path("content"), maxTokens).map(content -> with(message, content));
    }

    private Optional<JsonNode> content(JsonNode content, long maxTokens) {
        if (content instanceof ArrayNode parts) {
            return parts(parts, maxTokens);
        }
        return content.isString() ? tail.of(content.stringValue(), maxTokens).map(NODES::stringNode) : Optional.empty();
    }

    private Optional<JsonNode> parts(ArrayNode parts, long maxTokens) {
        Deque<JsonNode> kept = new ArrayDeque<>();
        long room = maxTokens - markerTokens;
        int index = parts.size() - 1;
        while (index >= 0 && tokens.part(parts.get(index)) <= room) {
            room -= tokens.part(parts.get(index));
            kept.addFirst(parts.get(index));
            index--;
        }
        if (index >= 0) {
            Optional<ObjectNode> half = textPart(parts.get(index), room + markerTokens);
            if (half.isEmpty() && kept.isEmpty()) {
                return Optional.empty();
            }
            kept.addFirst(half.orElseGet(() -> textPart(TextTail.MARKER)));
        }
        return Optional.of(NODES.arrayNode().addAll(kept));
    }

    private Optional<ObjectNode> textPart(JsonNode part, long maxTokens) {
        JsonNode text = part.path("text");
        boolean isText = part.path("type").asString("").equals("text") && text.isString();
        return isText ? tail.of(text.stringValue(), maxTokens).map(MessageCut::textPart) : Optional.empty();
    }

    private static ObjectNode textPart(String text) {
        return NODES.objectNode().put("type", "text").put("text", text);
    }

    private static ObjectNode with(ObjectNode message, JsonNode content) {
        ObjectNode cut = NODES.objectNode();
        message.forEachEntry(cut::set);
        cut.set("content", content);
        return cut;
    }
}
