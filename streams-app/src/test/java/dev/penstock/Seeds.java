package dev.penstock;

import java.util.stream.LongStream;

/** Seeds of random tests, printed in the tests' names; {@code -Dpenstock.seed=N} runs one alone. */
public final class Seeds {

    private Seeds() {}

    public static LongStream few() {
        return upTo(30);
    }

    public static LongStream many() {
        return upTo(300);
    }

    private static LongStream upTo(int last) {
        Long seed = Long.getLong("penstock.seed");
        return seed == null ? LongStream.rangeClosed(1, last) : LongStream.of(seed);
    }
}
