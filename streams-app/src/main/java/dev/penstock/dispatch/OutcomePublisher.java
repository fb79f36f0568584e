package dev.penstock.dispatch;

import dev.penstock.schemas.Outcome;

/** Writes outcomes where the task that owns the call reads them. */
public interface OutcomePublisher {

    /**
     * Hands an outcome over, to be written as soon as possible; it is retried until it is written. May block while the
     * broker cannot take more.
     *
     * @param partition the task that owns the call
     * @param written called once, when the broker has acknowledged the outcome; must not block
     */
    void publish(int partition, Outcome outcome, Runnable written);
}
