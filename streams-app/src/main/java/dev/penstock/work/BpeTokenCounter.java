package dev.penstock.work;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts as the models do that share one of OpenAI's encodings, or a few tokens more. Special tokens in a text count as the
 * text that they are.
 */
public final class BpeTokenCounter implements TokenCounter {

    /** Longer texts are counted in pieces: the time for one unbroken run of letters grows faster than its length. */
    static final int PIECE = 8_192;

    /** A cut can tear a token in two, and shift how the text around it is taken apart. */
    static final int PER_CUT = 8;

    private final Encoding encoding;

    private BpeTokenCounter(Encoding encoding) {
        this.encoding = encoding;
    }

    /** Some megabytes, loaded once, when they are first needed. */
    private static final class Loaded {
        private static final BpeTokenCounter O200K =
                new BpeTokenCounter(Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE));
    }

    /** The encoding of GPT-4o and later. */
    public static BpeTokenCounter o200k() {
        return Loaded.O200K;
    }

    @Override
    public long count(String text) {
        long tokens = 0;
        int from = 0;
        while (text.length() - from > PIECE) {
            int to = from + PIECE;
            if (Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            tokens += encoding.countTokensOrdinary(text.substring(from, to)) + PER_CUT;
            from = to;
        }
        return tokens + encoding.countTokensOrdinary(text.substring(from));
    }
}
