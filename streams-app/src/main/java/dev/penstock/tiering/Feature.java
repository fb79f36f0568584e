package dev.penstock.tiering;

/** What the classifier sees of a request, each as a whole number. */
enum Feature {
    /** Of all messages' texts, in UTF-16 units. */
    CHARACTERS(0, Long.MAX_VALUE),
    MESSAGES(0, Long.MAX_VALUE),
    /** Tools and functions that the model may call. */
    TOOLS(0, Long.MAX_VALUE),
    /** The output cap in tokens; 0 where the request has none. */
    OUTPUT_CAP(0, Long.MAX_VALUE),
    /** 1 if any message holds code. */
    CODE(0, 1),
    /** 1 if the last user message asks for reasoning: why, explain, prove, compare. */
    DEMANDING(0, 1),
    /** 1 if the last user message asks for a fact or a plain operation: who, when, translate, classify. */
    PLAIN(0, 1);

    private final long from;
    private final long to;

    Feature(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /** The values that it can have. */
    Range domain() {
        return new Range(from, to);
    }
}
