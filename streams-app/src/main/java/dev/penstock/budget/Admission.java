package dev.penstock.budget;

import java.time.Instant;

/** Whether a call may be made. */
public sealed interface Admission {

    /** @param reservation what is held now; the ledger after it is the one to keep */
    record Granted(Ledger next, Reservation reservation) implements Admission {}

    /** No call. Nothing has changed. */
    sealed interface Denied extends Admission {}

    /**
     * The worst case does not fit. It is never cut down to what is left.
     *
     * @param window the one that resets last among those in which it does not fit
     * @param resetsAt when that window resets
     * @param measure which of its limits
     * @param fitsLater whether it would fit into a fresh period of all windows; if not, waiting does not help
     */
    record OverLimit(String window, Instant resetsAt, Measure measure, boolean fitsLater) implements Denied {}

    /** @param model whose price is not known, although a limit in money is in force */
    record UnknownPrice(String model) implements Denied {}

    /** @param what the part of the request that has no bound, although a limit is in force */
    record Unbounded(String what) implements Denied {}

    /** The id is in use: a call under it is open, or was charged. A second one would be settled by the answer of the first. */
    record Repeated(String id) implements Denied {}
}
