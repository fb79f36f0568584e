package dev.penstock.budget;

import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topics that the stage reads, before anything is known of it.
 *
 * @param topic where it was written; for one that was forwarded, where it was written first
 * @param partition where it was read
 * @param tenant its key as text, which need not name a tenant; null when it had none
 * @param value null for a deletion
 * @param at its own time
 * @param rerouted whether it was forwarded once already
 */
record BudgetNews(
        String topic, int partition, @Nullable String tenant, byte @Nullable [] value, Instant at, boolean rerouted) {

    static BudgetNews of(Record<byte[], byte[]> record, RecordMetadata place, Set<String> reroutedTopics, Instant now) {
        boolean rerouted = reroutedTopics.contains(place.topic());
        @Nullable String origin = text(record.headers(), HeaderNames.ORIGIN_TOPIC);
        String time = rerouted ? HeaderNames.ORIGIN_TIMESTAMP : HeaderNames.RECORD_TIMESTAMP;
        return new BudgetNews(
                rerouted && origin != null ? origin : place.topic(),
                place.partition(),
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
                record.value(),
                time(text(record.headers(), time), now),
                rerouted);
    }

    /** Without a time of its own it is from now. */
    private static Instant time(@Nullable String millis, Instant now) {
        try {
            return millis == null ? now : Instant.ofEpochMilli(Math.max(0, Long.parseLong(millis)));
        } catch (NumberFormatException noTime) {
            return now;
        }
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
