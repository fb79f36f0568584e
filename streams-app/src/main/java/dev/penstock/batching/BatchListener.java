package dev.penstock.batching;

/** Receives how requests that share prompts end, for metrics. What is rolled back is reported again. Thread-safe. */
public interface BatchListener {

    /** A call left for so many requests. */
    void left(int members);

    /** A request that waited makes a call of its own, because nobody else came. */
    void nobodyElse();

    /** A request was given its part of an answer. */
    void answered();

    /**
     * A request that shared a call is sent again, in a call of its own.
     *
     * @param why missing, doubled, malformed, unreadable, dictated, or failed where there is no answer at all
     */
    void again(String why);

    /** So many elements of an answer belong to no request. */
    void unknown(int elements);
}
