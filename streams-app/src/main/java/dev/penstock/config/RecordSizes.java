package dev.penstock.config;

/** How large records may be. The sizes nest, so that what was read can always be written somewhere. */
public final class RecordSizes {

    /** {@code max.request.size} of every producer, and {@code max.message.bytes} of every topic that carries requests or answers. */
    public static final int MAX_RECORD_BYTES = 2 * 1024 * 1024;

    /** The largest value of a state store: its changelog is a topic like the others, and key and framing need room. */
    public static final int MAX_STORED_BYTES = MAX_RECORD_BYTES - 4 * 1024;

    private RecordSizes() {}
}
