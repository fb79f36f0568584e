package dev.penstock.work;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one request record: where it stands on the requests topic. It survives a reroute, so that an auditor
 * can join input to output.
 *
 * @param topic the requests topic, never the rerouted one
 * @param partition the partition that the producer chose
 * @param offset the record's offset there
 */
public record RequestId(String topic, int partition, long offset) {

    /** No topic's name has a colon. */
    private static final String SHARED = "batch:";

    private static final int DECIMAL = 10;

    /**
     * The identity of a call that this request, and others after it, share. A request is the first of one such call at most,
     * so no two have the same.
     */
    public RequestId ofSharedCall() {
        return new RequestId(SHARED + topic, partition, offset);
    }

    /** Whether it is that of a call that several requests share. */
    public boolean isSharedCall() {
        return topic.startsWith(SHARED);
    }

    /** Reads the text form {@code topic-partition-offset}; null when the text is not of that form. */
    public static @Nullable RequestId parse(String text) {
        int beforeOffset = text.lastIndexOf('-');
        int beforePartition = beforeOffset <= 0 ? -1 : text.lastIndexOf('-', beforeOffset - 1);
        if (beforePartition <= 0) {
            return null;
        }
        try {
            int partition = Integer.parseInt(text, beforePartition + 1, beforeOffset, DECIMAL);
            long offset = Long.parseLong(text, beforeOffset + 1, text.length(), DECIMAL);
            return new RequestId(text.substring(0, beforePartition), partition, offset);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
