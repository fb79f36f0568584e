package dev.penstock.fake;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request of the Messages API says, message by message as OpenAI has them, and how much of it is cached: all up to
 * the first block with a {@code cache_control} was there before, all from there to the last such block is new there.
 */
final class MessagesReading {

    private final Conversation.Builder said = new Conversation.Builder();
    private final Conversation conversation;
    private long firstMark;
    private long lastMark;

    private MessagesReading(ObjectNode request) {
        for (JsonNode block : blocks(request.path("system"))) {
            said.add("system", text(block));
            if (isMarked(block)) {
                mark();
            }
        }
        request.path("messages").forEach(this::read);
        this.conversation = said.build(request.path("model").asString(""));
    }

    static MessagesReading of(ObjectNode request) {
        return new MessagesReading(request);
    }

    Conversation conversation() {
        return conversation;
    }

    long cacheReadTokens() {
        return FakeAnswer.tokens(firstMark);
    }

    long cacheWrittenTokens() {
        return FakeAnswer.tokens(lastMark) - FakeAnswer.tokens(firstMark);
    }

    private void read(JsonNode message) {
        StringBuilder own = new StringBuilder();
        boolean results = false;
        boolean marked = false;
        for (JsonNode block : blocks(message.path("content"))) {
            if (block.path("type").asString("").equals("tool_result")) {
                results = true;
                said.add("tool", texts(block.path("content")));
            } else {
                own.append(text(block));
            }
            marked |= isMarked(block);
        }
        if (!results || !own.isEmpty()) {
            said.add(message.path("role").asString(""), own.toString());
        }
        if (marked) {
            mark();
        }
    }

    private static boolean isMarked(JsonNode block) {
        return block.has("cache_control");
    }

    private void mark() {
        lastMark = said.size();
        firstMark = firstMark == 0 ? lastMark : firstMark;
    }

    /** A text stands for one block of it. */
    private static Iterable<JsonNode> blocks(JsonNode content) {
        return content.isString() ? List.of(content) : content;
    }

    private static String texts(JsonNode content) {
        StringBuilder texts = new StringBuilder();
        blocks(content).forEach(block -> texts.append(text(block)));
        return texts.toString();
    }

    private static String text(JsonNode block) {
        return block.isString() ? block.stringValue() : block.path("text").asString("");
    }
}
