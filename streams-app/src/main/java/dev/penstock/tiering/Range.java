package dev.penstock.tiering;

/**
 * Whole numbers from one to another, both included.
 *
 * @param from the smallest
 * @param to the largest; {@link Long#MAX_VALUE} for no limit
 */
record Range(long from, long to) {

    Range {
        if (from > to) {
            throw new IllegalArgumentException("range: " + from + ".." + to + " (expected: from at most to)");
        }
    }

    static Range atLeast(long from) {
        return new Range(from, Long.MAX_VALUE);
    }

    static Range atMost(long to) {
        return new Range(0, to);
    }

    boolean contains(long value) {
        return from <= value && value <= to;
    }

    boolean meets(Range other) {
        return from <= other.to && other.from <= to;
    }

    /** What both have; they meet. */
    Range and(Range other) {
        return new Range(Math.max(from, other.from), Math.min(to, other.to));
    }

    @Override
    public String toString() {
        return from + ".." + (to == Long.MAX_VALUE ? "" : to);
    }
}
