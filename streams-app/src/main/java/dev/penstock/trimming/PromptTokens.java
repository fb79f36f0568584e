package dev.penstock.trimming;

import dev.penstock.work.TokenCounter;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Our count of a prompt: its texts, what a provider puts around each message, and a stated allowance for what is no text.
 * The count of a whole is the sum of the counts of its parts, so that parts can be taken away one by one.
 */
final class PromptTokens {

    /** Role markers and separators around a message. */
    static final long PER_MESSAGE = 4;

    /** What opens the answer. */
    static final long PER_PROMPT = 3;

    /** An image in high detail is 1,445 at most where tiles cost 170; sound and files vary with their length. */
    static final long PER_MEDIA_PART = 1_500;

    /** Members of the body beside the messages that a provider puts into the prompt. */
    private static final String[] ALSO_PROMPT = {"tools", "functions", "response_format"};

    private final TokenCounter counter;

    PromptTokens(TokenCounter counter) {
        this.counter = counter;
    }

    /** Everything that is prompt and no message. */
    long fixed(ObjectNode body) {
        long tokens = PER_PROMPT;
        for (String name : ALSO_PROMPT) {
            if (body.hasNonNull(name)) {
                tokens += counter.count(body.path(name).toString());
            }
        }
        return tokens;
    }

    long message(JsonNode message) {
        long tokens = PER_MESSAGE;
        if (!message.isObject()) {
            return tokens + any(message);
        }
        for (Map.Entry<String, JsonNode> member : message.properties()) {
            tokens += switch (member.getKey()) {
                case "content" -> content(member.getValue());
                case "role" -> any(member.getValue());
                default -> counter.count(member.getKey()) + any(member.getValue());
            };
        }
        return tokens;
    }

    long content(JsonNode content) {
        if (!content.isArray()) {
            return any(content);
        }
        long tokens = 0;
        for (JsonNode part : content) {
            tokens += part(part);
        }
        return tokens;
    }

    long part(JsonNode part) {
        return switch (part.path("type").asString("")) {
            case "text" -> any(part.path("text"));
            case "image_url", "input_audio", "file" -> PER_MEDIA_PART;
            default -> any(part);
        };
    }

    long text(String text) {
        return counter.count(text);
    }

    private long any(JsonNode node) {
        if (node.isNull() || node.isMissingNode()) {
            return 0;
        }
        return counter.count(node.isString() ? node.stringValue() : node.toString());
    }
}
