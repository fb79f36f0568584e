package dev.penstock.guarantees;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run, as a witness outside the pipeline saw it. */
public sealed interface Event {

    /** A request was sent. */
    record Produced(Message message, Delivery delivery) implements Event {}

    /**
     * A committed record was read.
     *
     * @param timestamp the record's own time: when it was appended, or when its producer made it
     */
    record Observed(Role role, Position position, Instant timestamp, Message message) implements Event {}

    /**
     * The fake provider was called.
     *
     * @param callId the id that the answer carried, so that a result can be traced to its call
     * @param idempotencyKey the header: the call, the same for every attempt, and a digest of what is sent
     * @param caller the digest of the key that the call came with, empty without one
     * @param bodyDigest what was asked, as {@link Bodies#digest} spells it
     * @param startedAt when the call arrived
     * @param endedAt when the fake was done with it; null while it is open
     * @param ending what the fake did with it
     */
    record ProviderCall(
            String callId,
            String idempotencyKey,
            String caller,
            String bodyDigest,
            Instant startedAt,
            @Nullable Instant endedAt,
            Ending ending)
            implements Event {

        /** The part of the header that all attempts of one call share. */
        String call() {
            int digest = idempotencyKey.lastIndexOf('.');
            return digest < 0 ? idempotencyKey : idempotencyKey.substring(0, digest);
        }

        /** A call that had left its process may reach the provider so much later, on a busy machine. */
        private static final Duration ARRIVES_WITHIN = Duration.ofMillis(250);

        /**
         * Whether it was open then or about to arrive, or so shortly ended that its outcome may not have been durable.
         *
         * @param outcomeWithin the longest time from the end of a call until its outcome is durable
         */
        public boolean inFlightAt(Instant time, Duration outcomeWithin) {
            return !startedAt.isAfter(time.plus(ARRIVES_WITHIN))
                    && (endedAt == null || !endedAt.plus(outcomeWithin).isBefore(time));
        }
    }

    /**
     * A fault struck.
     *
     * @param openCalls how many calls the fake had open at that moment: the proof that the fault hit work
     */
    record Fault(Instant at, Kind kind, String target, int openCalls) implements Event {

        /** What was done to the target. */
        public enum Kind {
            KILL,
            TERMINATE,
            PAUSE,
            RESUME,
            RESTART,
            CLOCK_STEP;

            /**
             * Whether a call that was open may have been lost, and may be made once more. A drain loses none; an instance whose
             * clock is set ends without one, with calls that were decided and not sent.
             */
            public boolean losesCalls() {
                return this == KILL || this == PAUSE || this == CLOCK_STEP;
            }
        }
    }

    /** A line of a log, or a page of the console. */
    record Printed(String where, String text) implements Event {}

    /** What became of a call at the provider. */
    enum Ending {
        /** Answered with 200, and billed. */
        ANSWERED(true),
        /** Refused with a status that is certainly not billed. */
        REFUSED(false),
        /** Failed after work was done: another 5xx, garbage. */
        FAILED(true),
        /** The caller was gone, or the answer was cut or never given. */
        ABANDONED(true);

        private final boolean possiblyBilled;

        Ending(boolean possiblyBilled) {
            this.possiblyBilled = possiblyBilled;
        }

        /** Whether money may have been spent. */
        public boolean possiblyBilled() {
            return possiblyBilled;
        }
    }
}
