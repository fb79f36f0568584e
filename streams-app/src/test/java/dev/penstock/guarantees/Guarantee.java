package dev.penstock.guarantees;

import java.util.List;

/**
 * One promise. It reads a history event by event and then says what broke it. An object judges one history; the order of
 * events means nothing, their contents do.
 */
public interface Guarantee {

    /** A test client sent a request. */
    default void onProduced(Event.Produced produced) {}

    /** A record was read, committed, from one of the topics. */
    default void onObserved(Event.Observed observed) {}

    /** The fake provider logged a call. */
    default void onCalled(Event.ProviderCall call) {}

    /** A process was killed, paused or cut off. */
    default void onFault(Event.Fault fault) {}

    /** A process printed a line, or a page was read from its console. */
    default void onPrinted(Event.Printed printed) {}

    /** What in the history breaks this promise; empty when the history is legal. */
    List<Violation> check();

    /** The name that reports use. */
    default String name() {
        return getClass().getSimpleName();
    }
}
