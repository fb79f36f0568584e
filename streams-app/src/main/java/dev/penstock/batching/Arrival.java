package dev.penstock.batching;

/** What becomes of a request that comes to the window of its group. */
sealed interface Arrival {

    /** It waits in the window, which stays open. */
    record Joined(OpenWindow window) implements Arrival {}

    /** It is the last of the window, which leaves now, with it. */
    record Completed(OpenWindow window) implements Arrival {}

    /** The window has no room for it and leaves now, without it; it waits in a new one. */
    record Displaced(OpenWindow leaving, OpenWindow opened) implements Arrival {}

    /** It waits for nobody and makes a call of its own; the window stays as it is. */
    record GoesAlone(Reason reason) implements Arrival {}

    /** Why a request does not wait. */
    enum Reason {
        /** After the longest wait its deadline would not leave time for the call. */
        DEADLINE,
        /** It alone has as many tokens as a whole window may have. */
        TOO_LONG
    }
}
