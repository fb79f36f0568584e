package dev.penstock.pipeline;

import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Decides what is read first. Of the records that a task has polled, Streams picks the one with the smallest extracted
 * time; so what must be known before work is admitted says that it is older. The record's own time has no say, or one
 * producer with a wrong clock would hold up all others; it is kept in a header.
 */
final class RankedTimestamps implements TimestampExtractor {

    /** How far ahead of requests a topic is read. The distances exceed any wait in a task's buffer. */
    enum Rank {
        TENANTS(Duration.ofHours(4)),
        OUTCOMES(Duration.ofHours(3)),
        USAGE(Duration.ofHours(2)),
        REQUESTS(Duration.ZERO);

        private final Duration ahead;

        Rank(Duration ahead) {
            this.ahead = ahead;
        }
    }

    private final Rank rank;
    private final InstantSource clock;

    RankedTimestamps(Rank rank, InstantSource clock) {
        this.rank = rank;
        this.clock = clock;
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        byte[] own = Long.toString(record.timestamp()).getBytes(StandardCharsets.UTF_8);
        record.headers().remove(HeaderNames.RECORD_TIMESTAMP).add(HeaderNames.RECORD_TIMESTAMP, own);
        return Math.max(0, clock.instant().minus(rank.ahead).toEpochMilli());
    }
}
