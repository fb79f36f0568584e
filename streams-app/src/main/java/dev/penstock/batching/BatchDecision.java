package dev.penstock.batching;

/** Whether a request waits for others to share a prompt with. */
sealed interface BatchDecision {

    /** It may share a prompt with others of the same key. */
    record Gather(GroupKey key, BatchItem item) implements BatchDecision {}

    /** It makes a call of its own, at once. */
    record Alone(Reason reason) implements BatchDecision {}

    /** Why a request shares no prompt. */
    enum Reason {
        /** The request does not ask for it, or its tenant is not granted it. */
        NOT_ALLOWED,
        /** A field that one prompt for many cannot honour, or that we do not know. */
        FIELD,
        /** Messages of an assistant or a tool, names, or no user message at all. */
        CONVERSATION,
        /** Content that is not text. */
        NOT_TEXT
    }
}
