package dev.penstock.schemas;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads JSON of strangers into a tree within hard limits of size, depth and lengths, and refuses what two readers could
 * understand differently: two members of one name, bytes after the end, byte order marks, half surrogate pairs. All
 * numbers keep their exact value.
 */
public final class BoundedJson {

    private final CodecLimits limits;
    private final HalfPairs halfPairs;
    private final JsonFactory factory;

    /**
     * What to do with an escape that is half a surrogate pair. It has no UTF-8 form, so it cannot be kept.
     */
    public enum HalfPairs {
        /** For what people send: they can mend it. */
        REFUSE,
        /** For answers that were paid for, whose text may have been cut in the middle of a pair: becomes U+FFFD. */
        REPLACE
    }

    public BoundedJson(CodecLimits limits) {
        this(limits, HalfPairs.REFUSE);
    }

    public BoundedJson(CodecLimits limits, HalfPairs halfPairs) {
        this.limits = limits;
        this.halfPairs = halfPairs;
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(limits.maxBytes())
                        .maxNestingDepth(limits.maxDepth())
                        .maxStringLength(limits.maxStringLength())
                        .maxNameLength(limits.maxStringLength())
                        .maxNumberLength(limits.maxNumberLength())
                        .build())
                .build();
    }

    /** What the bytes are: a tree, or the reason why not. */
    public sealed interface Read {

        record Tree(JsonNode node) implements Read {
            @Override
            public String toString() {
                return "Tree[" + node.getNodeType() + "]";
            }
        }

        /** The code is one of intake's. The detail has no content of the value in it. */
        record Refused(DeadLetterCode code, String detail) implements Read {}
    }

    /** Never throws, whatever the bytes. */
    public Read read(byte[] bytes) {
        try {
            return new Read.Tree(tree(bytes));
        } catch (Refusal refusal) {
            return new Read.Refused(refusal.code(), refusal.detail());
        }
    }

    JsonNode tree(byte[] bytes) throws Refusal {
        boolean halves = JsonScan.check(bytes, limits, halfPairs);
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Refusal(DeadLetterCode.INTAKE_EMPTY, "value: empty (expected: JSON)");
            }
            JsonNode node = new TreeBuilder(parser, halves).value(first);
            if (parser.nextToken() != null) {
                throw malformed(parser, "something after the end");
            }
            return node;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static Refusal malformed(JsonParser parser, String what) {
        long at = parser.currentTokenLocation().getByteOffset();
        return new Refusal(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: " + what + " at byte " + at);
    }

    /** The parser's own words quote the input, so only the place is kept. */
    private static Refusal malformed(JacksonException e) {
        long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        String place = at < 0 ? "" : " at byte " + at;
        return new Refusal(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: not JSON" + place);
    }
}
