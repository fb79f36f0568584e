package dev.penstock.cli;

import java.time.Instant;
import java.util.Locale;

/**
 * One thing that happened to a request.
 *
 * @param what in a word
 * @param where the record that tells of it, topic-partition-offset
 * @param detail for people; nothing of the request or the answer
 */
record TraceEvent(Instant at, What what, String where, String detail) {

    /** In the order of a request's life: tells apart what has one time. */
    enum What {
        WRITTEN,
        REROUTED,
        ADMITTED,
        RESERVED,
        DISPATCHED,
        ATTEMPT,
        OUTCOME,
        BILLED,
        ANSWERED,
        DEAD_LETTER,
        REPLAYED;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
