package dev.penstock.work;

/**
 * Counts for vendors whose tokenizer nobody publishes: a stated number of UTF-8 bytes a token, and a margin on top. An
 * estimate, not a bound: text of rare symbols or random characters can have more tokens than this says.
 */
public final class RatioTokenCounter implements TokenCounter {

    /** Prose and code have 3 to 4 bytes a token, Chinese and Japanese 2 to 3 (a character is 3 bytes). */
    public static final double DEFAULT_BYTES_PER_TOKEN = 3.0;

    /** Vendors' tokenizers differ from each other by up to this much on the same text. */
    public static final double DEFAULT_MARGIN = 0.2;

    private final double tokensPerByte;

    public RatioTokenCounter() {
        this(DEFAULT_BYTES_PER_TOKEN, DEFAULT_MARGIN);
    }

    /**
     * @param bytesPerToken UTF-8 bytes, more than 0
     * @param margin added to the count: 0.2 adds a fifth
     */
    public RatioTokenCounter(double bytesPerToken, double margin) {
        if (!(bytesPerToken >= 0.25 && bytesPerToken <= 100)) {
            throw new IllegalArgumentException("bytesPerToken: " + bytesPerToken + " (expected: 0.25..100)");
        }
        if (!(margin >= 0 && margin <= 10)) {
            throw new IllegalArgumentException("margin: " + margin + " (expected: 0..10)");
        }
        this.tokensPerByte = (1 + margin) / bytesPerToken;
    }

    @Override
    public long count(String text) {
        return (long) Math.ceil(Utf8TokenCounter.INSTANCE.count(text) * tokensPerByte);
    }
}
