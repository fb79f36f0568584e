package dev.penstock.budget;

/** The most that one call can come to. */
public sealed interface WorstCase {

    /**
     * @param inputTokens at most, whichever target is tried
     * @param outputTokens at most, whichever target is tried
     * @param cost at the dearest target; unknown if the price of one of them is
     */
    record Bounded(long inputTokens, long outputTokens, Cost cost) implements WorstCase {}

    /** @param what the part of the request that has no bound; never text of the request */
    record Unbounded(String what) implements WorstCase {}
}
