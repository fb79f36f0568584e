package dev.penstock.trimming;

import dev.penstock.work.TokenCounter;
import java.util.Optional;

/**
 * Keeps as much of the end of a text as fits, behind a marker that anybody can see. Counts from the end in pieces, so that
 * the cost follows what is kept, not what is cut.
 */
final class TextTail {

    static final String MARKER = "[... trimmed ...] ";

    /** Characters that are counted at once. */
    private static final int PIECE = 1_024;

    private final TokenCounter counter;

    TextTail(TokenCounter counter) {
        this.counter = counter;
    }

    /** The marker and the longest end of the text for which we found room; empty if not a character fits behind it. */
    Optional<String> of(String text, long maxTokens) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int earliest = Character.charCount(text.codePointAt(0));
        int from = estimate(text, earliest, maxTokens - counter.count(MARKER));
        int step = 1;
        while (from < text.length() && counter.count(MARKER + text.substring(from)) > maxTokens) {
            // The count of a whole may be a little above the sum of its pieces.
            from = boundary(text, Math.min(text.length(), from + step));
            step *= 2;
        }
        return from < text.length() ? Optional.of(MARKER + text.substring(from)) : Optional.empty();
    }

    private int estimate(String text, int earliest, long maxTokens) {
        long room = maxTokens;
        int from = text.length();
        while (from > earliest) {
            int next = boundary(text, Math.max(earliest, from - PIECE));
            long tokens = counter.count(text.substring(next, from));
            if (tokens > room) {
                return within(text, next, from, room);
            }
            room -= tokens;
            from = next;
        }
        return from;
    }

    /** The first place in a piece behind which the rest of the piece fits. */
    private int within(String text, int tooEarly, int fits, long room) {
        int low = tooEarly;
        int high = fits;
        while (low + 1 < high) {
            int middle = (low + high) >>> 1;
            if (counter.count(text.substring(boundary(text, middle), fits)) > room) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return boundary(text, high);
    }

    /** The place itself, or the one behind it if it lies inside a surrogate pair. */
    private static int boundary(String text, int index) {
        boolean insidePair = index > 0
                && index < text.length()
                && Character.isLowSurrogate(text.charAt(index))
                && Character.isHighSurrogate(text.charAt(index - 1));
        return insidePair ? index + 1 : index;
    }
}
