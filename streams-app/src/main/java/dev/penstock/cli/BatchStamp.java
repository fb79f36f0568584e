package dev.penstock.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a batch's id into the metadata of a request line, and reads it there. Nothing else of the line changes, not a byte of the body; the metadata
 * has no part in the idempotency key.
 */
final class BatchStamp {

    /** The most that a stamp adds to a line. */
    static final int MAX_BYTES = 128;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String METADATA = "metadata";

    private BatchStamp() {}

    /** @param line one JSON object, as the request codec accepts it */
    static byte[] stamp(byte[] line, BatchId id) {
        String member = '"' + BatchId.MEMBER + "\":\"" + id + '"';
        try (JsonParser parser = parser(line)) {
            parser.nextToken();
            int start = offset(parser) + 1;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(METADATA)) {
                    return value == JsonToken.START_OBJECT
                            ? intoMetadata(line, parser, member, id)
                            : replaced(line, offset(parser), end(parser), '{' + member + '}');
                }
                parser.skipChildren();
            }
            return replaced(line, start, start, '"' + METADATA + "\":{" + member + "},");
        }
    }

    private static byte[] intoMetadata(byte[] line, JsonParser parser, String member, BatchId id) {
        int start = offset(parser) + 1;
        boolean empty = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            empty = false;
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals(BatchId.MEMBER)) {
                int from = offset(parser);
                parser.skipChildren();
                return replaced(line, from, end(parser), "\"" + id + '"');
            }
            parser.skipChildren();
        }
        return replaced(line, start, start, empty ? member : member + ',');
    }

    /** The id in a line's metadata; a line that is cut behind it still has it. */
    static Optional<String> read(byte[] line) {
        try (JsonParser parser = parser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            return member(parser, METADATA) == JsonToken.START_OBJECT
                            && member(parser, BatchId.MEMBER) == JsonToken.VALUE_STRING
                    ? Optional.of(parser.getString())
                    : Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    /** Goes to the value of a member of the object that was entered; what it returns otherwise is no value. */
    private static JsonToken member(JsonParser parser, String wanted) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals(wanted)) {
                return value;
            }
            parser.skipChildren();
        }
        return JsonToken.NOT_AVAILABLE;
    }

    private static JsonParser parser(byte[] line) {
        return JSON.createParser(ObjectReadContext.empty(), line);
    }

    private static int offset(JsonParser parser) {
        return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    }

    private static int end(JsonParser parser) {
        parser.finishToken();
        return Math.toIntExact(parser.currentLocation().getByteOffset());
    }

    private static byte[] replaced(byte[] line, int from, int to, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + MAX_BYTES);
        out.writeBytes(Arrays.copyOf(line, from));
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.write(line, to, line.length - to);
        return out.toByteArray();
    }
}
