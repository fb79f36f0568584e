package dev.penstock.work;

import com.github.luben.zstd.Zstd;
import dev.penstock.schemas.CodecLimits;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Writes and reads state-store entries: CBOR by field name, so that a later version may add fields, behind one byte that
 * says whether the rest is compressed (Zstandard).
 */
public final class StateCodec {

    private static final byte PLAIN = 0;
    private static final byte COMPRESSED = 1;
    /** That one byte. */
    private static final int FRAME = 1;

    /** Below this size compression costs more than it saves. */
    private static final int COMPRESS_FROM_BYTES = 512;

    private static final int ZSTD_LEVEL = 1;
    /** Far above the largest entry that the nested size limits allow; a guard against a corrupt length. */
    private static final int MAX_ENTRY_BYTES = 64 << 20;

    /** The deepest JSON that any codec lets in, and the records around it. */
    private static final int MAX_DEPTH = CodecLimits.HIGHEST_DEPTH + 24;

    private static final ObjectMapper CBOR = CBORMapper.builder(CBORFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_ENTRY_BYTES)
                            .maxNumberLength(MAX_ENTRY_BYTES)
                            .maxNameLength(MAX_ENTRY_BYTES)
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // An entry of an older version has no value for a flag or a count that was added since: false, and 0.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private StateCodec() {}

    /** Encodes an entry. */
    public static byte[] write(Object entry) {
        byte[] plain = CBOR.writeValueAsBytes(entry);
        if (plain.length < COMPRESS_FROM_BYTES) {
            return framed(PLAIN, plain, plain.length);
        }
        byte[] packed = Zstd.compress(plain, ZSTD_LEVEL);
        return packed.length < plain.length
                ? framed(COMPRESSED, packed, packed.length)
                : framed(PLAIN, plain, plain.length);
    }

    /**
     * Decodes an entry.
     *
     * @throws IllegalStateException if the bytes are no entry of that type: the store is corrupt, and going on would lose work
     */
    public static <T> T read(byte[] stored, Class<T> type) {
        try {
            return stored[0] == COMPRESSED
                    ? CBOR.readValue(inflated(stored), type)
                    : CBOR.readValue(stored, FRAME, stored.length - FRAME, type);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "state entry of " + stored.length + " bytes is no " + type.getSimpleName(), e);
        }
    }

    /** The size of an entry once it is no more compressed; nothing is decoded for that. */
    public static long plainBytes(byte[] stored) {
        return stored[0] == COMPRESSED
                ? Zstd.getFrameContentSize(stored, FRAME, stored.length - FRAME)
                : stored.length - FRAME;
    }

    private static byte[] inflated(byte[] stored) {
        long size = Zstd.getFrameContentSize(stored, FRAME, stored.length - FRAME);
        if (size < 0 || size > MAX_ENTRY_BYTES) {
            throw new IllegalStateException("uncompressed size: " + size + " (expected: 0.." + MAX_ENTRY_BYTES + ")");
        }
        byte[] plain = new byte[(int) size];
        Zstd.decompressByteArray(plain, 0, plain.length, stored, FRAME, stored.length - FRAME);
        return plain;
    }

    private static byte[] framed(byte kind, byte[] content, int length) {
        byte[] stored = new byte[length + FRAME];
        stored[0] = kind;
        System.arraycopy(content, 0, stored, FRAME, length);
        return stored;
    }
}
