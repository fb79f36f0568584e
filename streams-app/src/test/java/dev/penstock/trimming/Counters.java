package dev.penstock.trimming;

import dev.penstock.work.BpeTokenCounter;
import dev.penstock.work.RatioTokenCounter;
import dev.penstock.work.TokenCounter;
import java.util.List;

/** Counters that differ in whether a whole has more or fewer tokens than its pieces. */
final class Counters {

    /** A whole has more than its pieces. */
    static final TokenCounter ROUNDED_DOWN = text -> text.length() / 4;

    /** A whole has fewer than its pieces. */
    static final TokenCounter ROUNDED_UP = text -> (text.length() + 2) / 3;

    static final TokenCounter CODE_POINTS = text -> text.codePointCount(0, text.length());

    /** A word is a token, however long. */
    static final TokenCounter WORDS = text -> text.isBlank() ? 0 : text.strip().split("\\s+").length;

    static final List<TokenCounter> ALL =
            List.of(ROUNDED_DOWN, ROUNDED_UP, CODE_POINTS, WORDS, new RatioTokenCounter(), BpeTokenCounter.o200k());

    private Counters() {}
}
