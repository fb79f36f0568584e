package dev.penstock.deadletters;

import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Tenant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of the dead-letter topic.
 *
 * @param topic the dead-letter topic
 * @param writtenAt when it was written
 * @param tenant the record's key, if that names a tenant
 * @param headers all of them as text, the last of each name
 * @param why what the headers say; null if it was not Penstock that wrote it
 * @param value the request's own bytes, or their beginning
 */
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        Instant writtenAt,
        Optional<Tenant> tenant,
        Map<String, String> headers,
        @Nullable DeadLetterHeaders why,
        byte @Nullable [] value) {

    public static DeadLetter of(ConsumerRecord<byte[], byte[]> message) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : message.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return new DeadLetter(
                message.topic(),
                message.partition(),
                message.offset(),
                Instant.ofEpochMilli(message.timestamp()),
                tenant(message.key()),
                headers,
                why(headers),
                message.value());
    }

    /** {@code topic-partition-offset}: the key of its marker. */
    public String id() {
        return topic + "-" + partition + "-" + offset;
    }

    /** {@code topic-partition-offset} of the request that ended here. */
    public Optional<String> requestId() {
        return why == null
                ? Optional.empty()
                : Optional.of(why.originalTopic() + "-" + why.originalPartition() + "-" + why.originalOffset());
    }

    /** Whether the value is only the beginning of the request. */
    public boolean isCut() {
        return why != null && why.originalSha256() != null;
    }

    /** The size of what is kept of the request. */
    public int bytes() {
        return value == null ? 0 : value.length;
    }

    private static Optional<Tenant> tenant(byte @Nullable [] key) {
        if (key == null) {
            return Optional.empty();
        }
        String name = new String(key, StandardCharsets.UTF_8);
        return Tenant.isValid(name) ? Optional.of(new Tenant(name)) : Optional.empty();
    }

    private static @Nullable DeadLetterHeaders why(Map<String, String> headers) {
        try {
            return DeadLetterHeaders.fromHeaders(headers);
        } catch (MalformedRecordException foreign) {
            return null;
        }
    }

    /** Names no content: a request may hold anybody's secrets. */
    @Override
    public String toString() {
        return "DeadLetter[" + id() + "]";
    }
}
