package dev.penstock.deadletters;

import java.util.Locale;

/** What becomes of a dead letter that was selected for a replay. */
public sealed interface ReplayDecision {

    /**
     * It becomes a request again.
     *
     * @param redriveCount the how-manieth replay this is, from 1
     */
    record Replay(int redriveCount) implements ReplayDecision {}

    /** It stays what it is. */
    record Refused(Reason reason) implements ReplayDecision {}

    /** Why a dead letter is not replayed. */
    enum Reason {
        ALREADY_REPLAYED("already replayed"),
        NOT_RETRYABLE("final: the same request fails again (--force replays it all the same)"),
        TOO_OFTEN("replayed " + ReplayPolicy.MOST_REDRIVES + " times and back again (--force replays it once more)"),
        TRUNCATED("truncated: only its first bytes were kept, see llm.dlq.original.sha256"),
        EMPTY("without a value: there is nothing to replay"),
        TENANT_UNKNOWN("the record key that it came with was not kept; send the request anew"),
        KEY_MISSING("the tenant's requests must be signed, and intake.signature_key is not at hand"),
        FOREIGN("without the headers of a dead letter");

        private final String meaning;

        Reason(String meaning) {
            this.meaning = meaning;
        }

        /** For programs. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** For people. */
        public String meaning() {
            return meaning;
        }

        /** Whether leaving it out is what was asked for, rather than something that could not be done. */
        public boolean isExpected() {
            return this == ALREADY_REPLAYED || this == NOT_RETRYABLE;
        }
    }
}
