package dev.penstock.batching;

/** Is told what becomes of requests that share prompts, for metrics. A transaction that is rolled back is told of again. Thread-safe. */
public interface BatchListener {

    /** A call left for so many requests. */
    void left(int members);

    /** A request that waited goes by itself, because nobody else came. */
    void nobodyElse();

    /** A request was given its part of an answer. */
    void answered();

    /**
     * A request that shared a call is asked again, by itself.
     *
     * @param why missing, doubled, malformed, unreadable, dictated, or failed where there is no answer at all
     */
    void again(String why);

    /** So many elements of an answer belong to no request. */
    void unknown(int elements);
}
