package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {

    @Test
    void shouldGiveAnInstanceThatJoinsItsFirstPartitionSoon() {
        // When
        StreamsConfig settings = new StreamsConfig(StreamsSettings.of(PenstockConfig.defaults()));

        // Then
        assertThat(settings.getLong(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG))
                .isEqualTo(60_000);
        assertThat(settings.getLong(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG))
                .isEqualTo(50_000);
        assertThat(settings.getInt(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG)).isEqualTo(4);
    }

    @Test
    void shouldLeaveToTheOperatorHowPartitionsMove() {
        // Given
        PenstockConfig config =
                PenstockConfig.of("kafka.acceptable.recovery.lag=0", "kafka.probing.rebalance.interval.ms=600000");

        // When
        StreamsConfig settings = new StreamsConfig(StreamsSettings.of(config));

        // Then
        assertThat(settings.getLong(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG))
                .isZero();
        assertThat(settings.getLong(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG))
                .isEqualTo(600_000);
    }
}
