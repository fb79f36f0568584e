package dev.penstock.dispatch;

import dev.penstock.schemas.Outcome;

/** Writes outcomes where the task that owns the call reads them. */
public interface OutcomePublisher {

    /** Takes the end of a publication; neither method may block. */
    interface Receipt {

        /** The broker has acknowledged the outcome. */
        void written();

        /** The outcome will not be written any more. */
        void failed();
    }

    /**
     * Hands an outcome over, to be written as soon as possible; it is retried until it is written. Blocks while too much of
     * the same partition is not acknowledged.
     *
     * @param partition the task that owns the call
     * @param receipt one of its methods is called, once; by another thread if this returns
     */
    void publish(int partition, Outcome outcome, Receipt receipt);

    /** Whether an outcome of that partition would be written now, without waiting for those before it. */
    default boolean hasRoom(int partition) {
        return true;
    }
}
