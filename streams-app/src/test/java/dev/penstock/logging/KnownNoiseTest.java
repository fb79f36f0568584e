package dev.penstock.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownNoiseTest {

    private final KnownNoise filter = new KnownNoise();

    @Test
    void shouldDropOneKnownErrorAndKeepItsTwinWithAnotherCause() {
        // Given
        LoggingEvent overtaken = event(new OutOfOrderSequenceException("1 before 0"));
        LoggingEvent diskFull = event(new IOException("no space left"));

        // When / Then
        assertThat(filter.decide(overtaken)).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(diskFull)).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void shouldNotSayThatANewBrokerIsNew() {
        // Given
        LoggingEvent second = event(
                "kafka.server.DefaultAutoTopicCreationManager",
                "Auto topic creation failed for __transaction_state with error 'TOPIC_ALREADY_EXISTS': it exists",
                null);
        LoggingEvent refused = event(
                "kafka.server.DefaultAutoTopicCreationManager",
                "Auto topic creation failed for __transaction_state with error 'POLICY_VIOLATION': no",
                null);

        // When / Then
        assertThat(filter.decide(second)).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(refused)).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void shouldNotCallARecoveryAfterAKillAnError() {
        // Given
        String logger = "org.apache.kafka.streams.processor.internals.TaskManager";
        String failed = "stream-thread [a] Get exceptions for the following tasks: {0_1=";
        LoggingEvent restored = event(
                logger,
                failed + "org.apache.kafka.streams.errors.TaskCorruptedException: Tasks [0_1] are corrupted}",
                null);
        LoggingEvent lost =
                event(logger, failed + "org.apache.kafka.streams.errors.StreamsException: no space left}", null);

        // When / Then
        assertThat(filter.decide(restored)).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(lost)).isEqualTo(FilterReply.NEUTRAL);
    }

    @ParameterizedTest
    @CsvSource({
        "', transactionalId=a-1', 'retrying (9 attempts left). Error: CONCURRENT_TRANSACTIONS', DENY",
        "', transactionalId=a-1', 'retrying (9 attempts left). Error: OUT_OF_ORDER_SEQUENCE_NUMBER', DENY",
        "', transactionalId=a-1', 'retrying (9 attempts left). Error: NOT_ENOUGH_REPLICAS', NEUTRAL",
        "', transactionalId=a-1', 'splitting and retrying (9 attempts left). Error: MESSAGE_TOO_LARGE', NEUTRAL",
        "', transactionalId=a-1', 'Error: OUT_OF_ORDER_SEQUENCE_NUMBER', NEUTRAL",
        "'', 'retrying (9 attempts left). Error: OUT_OF_ORDER_SEQUENCE_NUMBER', NEUTRAL"
    })
    void shouldDropWhatTheProducerSendsAgainAfterAnEarlyTransaction(String who, String said, FilterReply expected) {
        // Given
        LoggingEvent event = event(
                "org.apache.kafka.clients.producer.internals.Sender",
                "[Producer clientId=a" + who
                        + "] Got error produce response with correlation id 7 on topic-partition t-0, " + said,
                null);

        // When
        FilterReply reply = filter.decide(event);

        // Then
        assertThat(reply).isEqualTo(expected);
    }

    private static LoggingEvent event(Throwable cause) {
        return event("kafka.server.ReplicaManager", "Error processing append operation on partition x", cause);
    }

    private static LoggingEvent event(String logger, String text, @Nullable Throwable cause) {
        return new LoggingEvent("fqcn", new LoggerContext().getLogger(logger), Level.WARN, text, cause, null);
    }
}
