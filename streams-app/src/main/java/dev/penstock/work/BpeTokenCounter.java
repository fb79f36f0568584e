package dev.penstock.work;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts as the models do that share one of OpenAI's encodings, or a few tokens more; many more where the text is none.
 * Special tokens in a text count as the text that they are.
 */
public final class BpeTokenCounter implements TokenCounter {

    /** Longer texts are counted in pieces: the time for one unbroken run of letters grows faster than its length. */
    static final int PIECE = 8_192;

    /** A cut can tear a token in two, and shift how the text around it is taken apart. */
    static final int PER_CUT = 8;

    /**
     * A longer run of ASCII letters and digits, of blanks or of marks is not read: it counts as a token a character, which is
     * the most that it can be. No text has such a run, and reading one takes eight times as long as reading text.
     */
    static final int LONGEST_RUN = 256;

    private static final int OTHER = 0;
    private static final int BLANK = 1;
    private static final int WORD = 2;
    private static final int MARK = 3;

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
        int run = 0;
        for (int at = 0; at < text.length(); at = run) {
            run = endOfRun(text, at);
            if (run - at > LONGEST_RUN) {
                tokens += read(text, from, at) + (run - at) + 2 * PER_CUT;
                from = run;
            }
        }
        return tokens + read(text, from, text.length());
    }

    private long read(String text, int begin, int end) {
        long tokens = 0;
        int from = begin;
        while (end - from > PIECE) {
            int to = from + PIECE;
            if (Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            tokens += encoding.countTokensOrdinary(text.substring(from, to)) + PER_CUT;
            from = to;
        }
        return tokens + encoding.countTokensOrdinary(text.substring(from, end));
    }

    /** Behind the last of those characters from a place on that are of one kind; one at least. */
    private static int endOfRun(String text, int begin) {
        int kind = kind(text.charAt(begin));
        int end = begin + 1;
        while (end < text.length() && kind != OTHER && kind(text.charAt(end)) == kind) {
            end++;
        }
        return end;
    }

    private static int kind(char c) {
        if (c >= 128) {
            return OTHER;
        }
        if (c <= ' ') {
            return BLANK;
        }
        return Character.isLetterOrDigit(c) ? WORD : MARK;
    }
}
