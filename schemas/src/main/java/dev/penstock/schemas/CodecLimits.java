package dev.penstock.schemas;

/**
 * How much of a record is read before it is refused.
 *
 * @param maxBytes size of the whole value
 * @param maxDepth arrays and objects around the innermost value, the outermost object included
 * @param maxStringLength bytes between the quotes of a string or a member name, as they stand in the record
 * @param maxNumberLength characters of a number
 * @param maxValues values of all kinds, counted as opening brackets and commas: each is an object in memory, which takes up to forty times
 *     its bytes
 */
public record CodecLimits(int maxBytes, int maxDepth, int maxStringLength, int maxNumberLength, int maxValues) {

    /** The largest power of ten that a number may stand for, up or down; beyond it no exact decimal can be held. */
    public static final int MAX_EXPONENT = 999_999_999;

    /** Deeper than this the readers of trees would need more stack than a thread has. */
    public static final int HIGHEST_DEPTH = 1_000;

    public static final CodecLimits DEFAULT = new CodecLimits(512 * 1024, 128, 512 * 1024, 1_000, 50_000);

    public CodecLimits {
        Checks.positive("maxBytes", maxBytes);
        Checks.require(maxDepth >= 1 && maxDepth <= HIGHEST_DEPTH, "maxDepth", maxDepth, "1.." + HIGHEST_DEPTH);
        Checks.positive("maxStringLength", maxStringLength);
        Checks.positive("maxNumberLength", maxNumberLength);
        Checks.positive("maxValues", maxValues);
    }

    public CodecLimits withMaxBytes(int bytes) {
        return new CodecLimits(bytes, maxDepth, maxStringLength, maxNumberLength, maxValues);
    }
}
