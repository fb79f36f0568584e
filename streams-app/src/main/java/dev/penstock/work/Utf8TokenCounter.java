package dev.penstock.work;

/**
 * The bound for models whose tokenizer we do not have: no token is shorter than a byte of UTF-8. It is three to five times
 * what prose really has.
 */
public final class Utf8TokenCounter implements TokenCounter {

    /** It has no state. */
    public static final Utf8TokenCounter INSTANCE = new Utf8TokenCounter();

    private Utf8TokenCounter() {}

    @Override
    public long count(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a pair is counted as two of the pair's four bytes; a lone half becomes a mark of three at
            // most.
            bytes += c < 0x80 ? 1 : c < 0x800 || isPaired(text, i) ? 2 : 3;
        }
        return bytes;
    }

    private static boolean isPaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
