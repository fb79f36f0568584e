package dev.penstock.budget;

import java.time.Instant;
import java.util.List;

/** What became of spend that no open reservation stands for: a usage event, or a correction. */
public sealed interface Booking {

    /** It is counted. An amount that its event did not tell is null in the charge, and is missing in the totals. */
    record Counted(Charge charge, List<Crossing> crossings) implements Booking {}

    /** It is counted in place of what was counted before. */
    record Replaced(Charge before, Charge after, List<Crossing> crossings) implements Booking {}

    /** Its id was counted before, with at least as good knowledge. Nothing has changed. */
    record Duplicate(Charge counted) implements Booking {}

    /** Its id was counted before, as sure as this and with another amount: one of the two is wrong. Nothing has changed. */
    record Contradicts(Charge counted) implements Booking {}

    /** A call under its id is open, and will be counted when it settles. Nothing has changed. */
    record StillOpen(String id) implements Booking {}

    /** Nothing to correct is remembered under that id. Nothing has changed. */
    record NotCharged(String id) implements Booking {}

    /** @param at its time, which is further ahead than clocks may differ; nothing has changed */
    record FromTheFuture(Instant at) implements Booking {}
}
