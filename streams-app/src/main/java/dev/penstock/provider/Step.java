package dev.penstock.provider;

import java.time.Instant;
import java.util.Locale;

/** What to do with a call next. */
public sealed interface Step {

    /**
     * Make an attempt.
     *
     * @param notBefore now or later, always before the deadline
     */
    record Try(String target, Instant notBefore, Kind kind) implements Step {}

    /**
     * Give the permit back and come again.
     *
     * @param due never after the deadline
     */
    record Park(Instant due, Reason reason) implements Step {

        /**
         * Whether the call has had its quick attempts, all of them or all that the budget allows: after this rest it goes on
         * with {@link Attempts#nextRound}.
         */
        public boolean endsRound() {
            return reason.endsRound();
        }
    }

    /** No further attempt would do better, or may be made. */
    record GiveUp() implements Step {}

    /** What an attempt is to the call. */
    enum Kind {
        /** The first attempt, at the head of the chain. */
        FIRST,
        /** The first attempt at a target further down. */
        FALLBACK,
        /** A further attempt at a target that failed already. */
        RETRY
    }

    /** Why a call waits. */
    enum Reason {
        /** Every target that is left is closed. */
        CLOSED,
        /** No target has room; one that is left will have when something returns. */
        BUSY,
        /** The wait before the next attempt is a long one. */
        BACKOFF,
        /** Too many retries lately. */
        RETRY_BUDGET,
        /** The quick attempts are used up. */
        USED_UP,
        /** No attempt could begin before the deadline. */
        DEADLINE;

        /** As {@link Park#endsRound}. */
        public boolean endsRound() {
            return this == USED_UP || this == RETRY_BUDGET;
        }

        /** As metrics have it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
