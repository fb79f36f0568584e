package dev.penstock.batching;

/**
 * Members of one task in memory, for both of the stage's processors, as far as they came lately. All of them are stored.
 *
 * @param waiting those in open windows
 * @param left those whose calls have left
 */
record TaskMembers(Recent<SharedPrompt.Part> waiting, Recent<Member> left) {

    /** Bytes of requests; what is read of one takes several times as much. */
    private static final long MOST_BYTES = 1 << 20;

    TaskMembers() {
        this(new Recent<>(MOST_BYTES), new Recent<>(MOST_BYTES));
    }
}
