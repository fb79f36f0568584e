package dev.penstock.provider.http;

import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parses what a provider sent: one object, no member twice, nothing behind it, not too deep, numbers kept exact. The limits
 * lie inside those of outcome records, so that an answer that was paid for can be read back from its topic.
 */
final class AnswerJson {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private final BoundedJson json;

    AnswerJson(int maxBytes) {
        this.json = new BoundedJson(
                new CodecLimits(maxBytes, MAX_DEPTH, maxBytes, MAX_NUMBER_LENGTH, maxBytes),
                BoundedJson.HalfPairs.REPLACE);
    }

    /** What the bytes are. */
    sealed interface Content {}

    record Parsed(ObjectNode object) implements Content {}

    /** @param what in our words */
    record NotAnObject(String what) implements Content {}

    Content parse(byte[] bytes) {
        if (bytes.length == 0) {
            return new NotAnObject("an empty body");
        }
        return switch (json.read(bytes)) {
            case BoundedJson.Read.Refused refused ->
                new NotAnObject("a body that is not JSON, or over the limits for JSON");
            case BoundedJson.Read.Tree tree ->
                tree.node() instanceof ObjectNode object
                        ? new Parsed(object)
                        : new NotAnObject("JSON that is not an object");
        };
    }
}
