package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class KafkaOutcomePublisherTest {

    /** With more than one, a broker that is just coming up can take the second first, and the partition stands still. */
    @Test
    void shouldHaveOneRequestUnderWaySoThatNoBatchOvertakesAnother() {
        // Given
        PenstockConfig config = PenstockConfig.of();

        // When / Then
        assertThat(KafkaOutcomePublisher.settings(config))
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    }
}
