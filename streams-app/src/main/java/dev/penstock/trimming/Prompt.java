package dev.penstock.trimming;

import dev.penstock.trimming.Turns.Group;
import dev.penstock.trimming.Turns.Keep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A prompt that is being shortened, with its count kept up to date. The body that it was made of stays as it is. */
final class Prompt {

    private static final String MESSAGES = "messages";

    private final ObjectNode original;
    private final PromptTokens counter;
    private final List<JsonNode> messages = new ArrayList<>();
    private final long[] messageTokens;
    private final List<Group> groups;
    private final Deque<Group> mayGo = new ArrayDeque<>();
    private final BitSet dropped = new BitSet();
    private final long fixedTokens;
    private long tokens;

    Prompt(ObjectNode body, PromptTokens counter) {
        this.original = body;
        this.counter = counter;
        body.path(MESSAGES).forEach(messages::add);
        this.messageTokens = messages.stream().mapToLong(counter::message).toArray();
        this.groups = Turns.of(messages);
        groups.stream().filter(group -> group.keep() == Keep.NO).forEach(mayGo::add);
        this.fixedTokens = counter.fixed(body);
        this.tokens = fixedTokens;
        for (long count : messageTokens) {
            tokens += count;
        }
    }

    long tokens() {
        return tokens;
    }

    long fixedTokens() {
        return fixedTokens;
    }

    long tokensOf(Keep keep) {
        return groups.stream()
                .filter(group -> group.keep() == keep)
                .flatMap(group -> group.indexes().stream())
                .mapToLong(index -> messageTokens[index])
                .sum();
    }

    int groupsThatMayGo() {
        return mayGo.size();
    }

    void dropOldest() {
        for (int index : mayGo.removeFirst().indexes()) {
            dropped.set(index);
            tokens -= messageTokens[index];
        }
    }

    /** Cuts the longest message of the oldest group that may go. Returns whether the prompt is within the budget now. */
    boolean cutOldest(MessageCut messageCut, long budget) {
        int longest = mayGo.getFirst().indexes().stream()
                .max(Comparator.comparingLong(index -> counter.content(content(index))))
                .orElseThrow();
        if (!(messages.get(longest) instanceof ObjectNode message)) {
            return false;
        }
        long room = counter.content(content(longest)) - (tokens - budget);
        Optional<ObjectNode> cut = messageCut.cut(message, room);
        if (cut.isEmpty()) {
            return false;
        }
        tokens += counter.message(cut.get()) - messageTokens[longest];
        messageTokens[longest] = counter.message(cut.get());
        messages.set(longest, cut.get());
        return tokens <= budget;
    }

    private JsonNode content(int index) {
        return messages.get(index).path("content");
    }

    /** The body with what is left of the messages, in their order. */
    ObjectNode body() {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (int index = dropped.nextClearBit(0); index < messages.size(); index = dropped.nextClearBit(index + 1)) {
            kept.add(messages.get(index));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        original.forEachEntry(body::set);
        body.set(MESSAGES, kept);
        return body;
    }
}
