package dev.penstock.outcome;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Measures a record before it is sent on. Kafka Streams cannot survive one that its producer refuses: not with an
 * exception handler either.
 *
 * @param maxBytes the largest record, everything included, that every producer and topic takes
 */
record SizeGuard(int maxBytes) {

    /** Batch header, record framing and compression that does not help; generous. */
    private static final int OVERHEAD_BYTES = 1024;

    private static final int HEADER_OVERHEAD_BYTES = 12;

    boolean fits(Record<byte[], byte[]> record) {
        long bytes = (long) OVERHEAD_BYTES + length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            bytes += HEADER_OVERHEAD_BYTES
                    + header.key().getBytes(StandardCharsets.UTF_8).length
                    + length(header.value());
        }
        return bytes <= maxBytes;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
