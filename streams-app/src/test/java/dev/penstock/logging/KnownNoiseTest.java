package dev.penstock.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.junit.jupiter.api.Test;

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

    private static LoggingEvent event(Throwable cause) {
        return new LoggingEvent(
                "fqcn",
                new LoggerContext().getLogger("kafka.server.ReplicaManager"),
                Level.ERROR,
                "Error processing append operation on partition x",
                cause,
                null);
    }
}
