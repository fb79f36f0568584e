package dev.penstock.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes a batch's id and the place of the line's proof into the metadata of a request line, and reads them there. Nothing else of the line changes,
 * not a byte of the body; the metadata has no part in the idempotency key.
 */
final class BatchStamp {

    /** The member of a request's metadata that holds its proof. */
    static final String PROOF = "penstock_batch_proof";

    /** The most that a stamp adds to a line. */
    static final int MAX_BYTES = 448;

    /** The most values that it adds: an object, and the commas before and in it. */
    static final int MAX_VALUES = 4;

    /** What stands for a proof while it is signed, and is as long: three bytes are four characters. */
    private static final String NO_PROOF = "A".repeat(BatchProof.BYTES / 3 * 4);

    private static final JsonFactory JSON = new JsonFactory();
    private static final String METADATA = "metadata";

    private BatchStamp() {}

    /** A piece of a line that another text takes the place of. */
    private record Edit(int from, int to, String text) {}

    /**
     * A stamp as it was found.
     *
     * @param id the text that stands for the batch
     * @param proof the text that stands for the proof
     * @param proofAt where that begins in the line
     */
    record Found(String id, String proof, int proofAt) {

        byte[] withoutProof(byte[] line) {
            return withProof(line, NO_PROOF);
        }

        byte[] withProof(byte[] line, String text) {
            byte[] proven = line.clone();
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(bytes, 0, proven, proofAt, bytes.length);
            return proven;
        }
    }

    /** The line with the id and room for a proof. */
    static byte[] stamp(byte[] line, BatchId id) {
        String members = member(BatchId.MEMBER, id.toString()) + ',' + member(PROOF, NO_PROOF);
        try (JsonParser parser = parser(line)) {
            parser.nextToken();
            int start = offset(parser) + 1;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(METADATA)) {
                    return value == JsonToken.START_OBJECT
                            ? intoMetadata(line, parser, id)
                            : edited(line, List.of(new Edit(offset(parser), end(parser), '{' + members + '}')));
                }
                parser.skipChildren();
            }
            return edited(line, List.of(new Edit(start, start, "\"" + METADATA + "\":{" + members + "},")));
        }
    }

    private static byte[] intoMetadata(byte[] line, JsonParser parser, BatchId id) {
        int start = offset(parser) + 1;
        boolean empty = true;
        boolean hasId = false;
        boolean hasProof = false;
        List<Edit> edits = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            empty = false;
            String name = parser.currentName();
            parser.nextToken();
            int from = offset(parser);
            parser.skipChildren();
            if (name.equals(BatchId.MEMBER)) {
                hasId = true;
                edits.add(new Edit(from, end(parser), "\"" + id + '"'));
            } else if (name.equals(PROOF)) {
                hasProof = true;
                edits.add(new Edit(from, end(parser), '"' + NO_PROOF + '"'));
            }
        }
        List<String> added = new ArrayList<>();
        if (!hasId) {
            added.add(member(BatchId.MEMBER, id.toString()));
        }
        if (!hasProof) {
            added.add(member(PROOF, NO_PROOF));
        }
        if (!added.isEmpty()) {
            edits.addFirst(new Edit(start, start, String.join(",", added) + (empty ? "" : ",")));
        }
        return edited(line, edits);
    }

    /** The stamp in a line's metadata, if it has the form of one. */
    static Optional<Found> read(byte[] line) {
        try (JsonParser parser = parser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT || !enters(parser, METADATA)) {
                return Optional.empty();
            }
            String id = "";
            String proof = "";
            int proofAt = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING && name.equals(BatchId.MEMBER)) {
                    id = parser.getString();
                } else if (value == JsonToken.VALUE_STRING && name.equals(PROOF)) {
                    proof = parser.getString();
                    proofAt = offset(parser) + 1;
                }
                parser.skipChildren();
            }
            return isAt(line, proofAt, proof) ? Optional.of(new Found(id, proof, proofAt)) : Optional.empty();
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    /** An escape in a text would make it longer in the line than it is. */
    private static boolean isAt(byte[] line, int at, String proof) {
        byte[] bytes = proof.getBytes(StandardCharsets.UTF_8);
        return bytes.length == NO_PROOF.length()
                && at + bytes.length <= line.length
                && Arrays.equals(line, at, at + bytes.length, bytes, 0, bytes.length);
    }

    /** Goes into the object that is a member of the one that was entered, if there is one. */
    private static boolean enters(JsonParser parser, String wanted) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals(wanted)) {
                return value == JsonToken.START_OBJECT;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static String member(String name, String value) {
        return '"' + name + "\":\"" + value + '"';
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

    private static byte[] edited(byte[] line, List<Edit> edits) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + MAX_BYTES);
        int done = 0;
        for (Edit edit : edits) {
            out.write(line, done, edit.from() - done);
            out.writeBytes(edit.text().getBytes(StandardCharsets.UTF_8));
            done = edit.to();
        }
        out.write(line, done, line.length - done);
        return out.toByteArray();
    }
}
