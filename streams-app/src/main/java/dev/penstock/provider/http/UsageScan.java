package dev.penstock.provider.http;

import dev.penstock.schemas.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds the usage in an answer that is not kept, because it was paid for all the same. Holds one token at a time. */
final class UsageScan {

    /** What is further down than this is not looked for. */
    static final long MAX_SCANNED_BYTES = 64L * 1024 * 1024;

    private static final int MAX_MEMBERS = 64;

    /** Strings are skipped, not held, so their length is bounded by the document's alone. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100)
                    .maxDocumentLength(MAX_SCANNED_BYTES)
                    .build())
            .build();

    private UsageScan() {}

    /**
     * @param dialect knows what the object under {@code usage} means
     * @param start the bytes that were read already
     * @param rest what follows them; read until the usage is found, to its end, or to the limit
     */
    static Optional<TokenUsage> of(Dialect dialect, byte[] start, InputStream rest) {
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(start), rest);
        try (JsonParser parser = FACTORY.createParser(new UnclosedStream(all))) {
            return parser.nextToken() == JsonToken.START_OBJECT ? topLevel(dialect, parser) : Optional.empty();
        } catch (JacksonException brokenOrTooMuch) {
            return Optional.empty();
        }
    }

    private static Optional<TokenUsage> topLevel(Dialect dialect, JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean usage = "usage".equals(parser.currentName());
            if (parser.nextToken() == JsonToken.START_OBJECT && usage) {
                return dialect.usage(counts(parser, true));
            }
            parser.skipChildren();
        }
        return Optional.empty();
    }

    /** Whole numbers alone, and those of the objects one level down: all that usage consists of. */
    private static ObjectNode counts(JsonParser parser, boolean outer) {
        ObjectNode counts = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME && counts.size() < MAX_MEMBERS) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                counts.put(name, parser.getLongValue());
            } else if (value == JsonToken.START_OBJECT && outer) {
                counts.set(name, counts(parser, false));
            } else {
                parser.skipChildren();
            }
        }
        return counts;
    }
}
