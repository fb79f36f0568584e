package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.pipeline.RankedTimestamps.Rank;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankedTimestampsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RecordHeaders headers = new RecordHeaders();

    @Test
    void shouldReadTenantsBeforeOutcomesBeforeUsageBeforeRequests() {
        assertThat(extract(Rank.TENANTS, 5, NOW)).isLessThan(extract(Rank.OUTCOMES, 5, NOW));
        assertThat(extract(Rank.OUTCOMES, 5, NOW)).isLessThan(extract(Rank.USAGE, 5, NOW));
        assertThat(extract(Rank.USAGE, 5, NOW)).isLessThan(extract(Rank.REQUESTS, 5, NOW));
        assertThat(extract(Rank.REQUESTS, 5, NOW)).isEqualTo(NOW.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldLetTheRecordsOwnTimeHaveNoSayAndKeepIt(long own) {
        // When
        long extracted = extract(Rank.REQUESTS, own, NOW);

        // Then
        assertThat(extracted).isEqualTo(NOW.toEpochMilli());
        assertThat(new String(headers.lastHeader(HeaderNames.RECORD_TIMESTAMP).value(), StandardCharsets.UTF_8))
                .isEqualTo(Long.toString(own));
    }

    @Test
    void shouldTakeThePlaceOfAForgedTime() {
        // Given
        headers.add(HeaderNames.RECORD_TIMESTAMP, new byte[] {'1'});
        headers.add(HeaderNames.RECORD_TIMESTAMP, new byte[] {'2'});

        // When
        extract(Rank.REQUESTS, 77, NOW);

        // Then
        assertThat(headers.headers(HeaderNames.RECORD_TIMESTAMP)).hasSize(1);
        assertThat(headers.lastHeader(HeaderNames.RECORD_TIMESTAMP).value()).isEqualTo(new byte[] {'7', '7'});
    }

    @Test
    void shouldNeverBeNegative() {
        assertThat(extract(Rank.TENANTS, 5, Instant.EPOCH)).isZero();
    }

    private long extract(Rank rank, long own, Instant now) {
        ConsumerRecord<Object, Object> record = new ConsumerRecord<>(
                "t", 0, 0, own, TimestampType.CREATE_TIME, 0, 0, "k", "v", headers, Optional.empty());
        return new RankedTimestamps(rank, InstantSource.fixed(now)).extract(record, -1);
    }
}
