package dev.penstock.provider;

import java.util.BitSet;

/**
 * Counts failures in a row, in the order in which the calls began. In the order in which they end, quick failures would be a
 * run while slow answers are still to come, and calls that began together and time out together would be one after all others
 * were answered. Guarded by its owner.
 */
final class FailureRun {

    private long next;
    /** The number of the first call since the last success; earlier ones are no news. */
    private long first;
    /** By number since the first one: failed, or ended in a way that says nothing. */
    private final BitSet ended = new BitSet();

    private final BitSet failed = new BitSet();

    /** @return the number of a call that begins */
    long begins() {
        return next++;
    }

    void succeeded() {
        first = next;
        ended.clear();
        failed.clear();
    }

    /** The call says nothing: neighbours on both sides of it are one run. */
    void skip(long number) {
        if (number >= first) {
            ended.set(index(number));
        }
    }

    /** @return how many failures are now in a row around this one; none if a success came since it began */
    int failed(long number) {
        if (number < first) {
            return 0;
        }
        int index = index(number);
        ended.set(index);
        failed.set(index);
        return failed.get(ended.previousClearBit(index) + 1, ended.nextClearBit(index))
                .cardinality();
    }

    private int index(long number) {
        return Math.toIntExact(number - first);
    }
}
