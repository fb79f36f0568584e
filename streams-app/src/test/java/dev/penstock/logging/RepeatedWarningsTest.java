package dev.penstock.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedWarningsTest {

    private static final String NETWORK = "org.apache.kafka.clients.NetworkClient";

    private final RepeatedWarnings filter = new RepeatedWarnings();
    private final LoggerContext context = new LoggerContext();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldLetOneLineAMinuteThroughForEachCauseAndCountTheOthers() {
        // Given
        List<String> logged = new ArrayList<>();

        // When
        for (int second = 0; second < 150; second++) {
            for (int client = 0; client < 3; client++) {
                logged.addAll(heard(warning(NETWORK, away(client))));
            }
            logged.addAll(
                    heard(warning(NETWORK, "[Consumer clientId=app-1] Bootstrap broker 127.0.0.1:9092 disconnected")));
            now = now.plus(Duration.ofSeconds(1));
        }

        // Then
        assertThat(logged)
                .filteredOn(line -> line.contains("could not be established"))
                .satisfiesExactly(
                        line -> assertThat(line).doesNotContain("suppressed"),
                        line -> assertThat(line).contains("suppressed=\"179\""),
                        line -> assertThat(line).contains("suppressed=\"179\""));
        assertThat(logged).filteredOn(line -> line.contains("disconnected")).hasSize(3);
    }

    @Test
    void shouldHoldNothingBackThatIsNoWarningOfAClient() {
        // When / Then
        for (int i = 0; i < 3; i++) {
            assertThat(filter.decide(event(NETWORK, Level.ERROR, "same"))).isEqualTo(FilterReply.NEUTRAL);
            assertThat(filter.decide(warning("dev.penstock.topics.Anything", "same")))
                    .isEqualTo(FilterReply.NEUTRAL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.penstock.pipeline.ValvedSources", "dev.penstock.pipeline.SourceEnds"})
    void shouldHoldBackWhatThePipelinesConsumerRepeatsAtEachPoll(String type) throws ClassNotFoundException {
        // Given
        String consumer = Class.forName(type).getName();
        filter.decide(warning(consumer, "no position is known; intake stays closed"));

        // When
        now = now.plus(Duration.ofSeconds(1));

        // Then
        assertThat(filter.decide(warning(consumer, "no position is known; intake stays closed")))
                .isEqualTo(FilterReply.DENY);
    }

    @Test
    void shouldForgetCausesThatAreOver() {
        // Given
        for (int cause = 0; cause < 2_000; cause++) {
            filter.decide(warning(NETWORK, "cause " + "x".repeat(cause)));
        }

        // When
        now = now.plus(Duration.ofMinutes(2));
        filter.decide(warning(NETWORK, "a new one"));

        // Then
        assertThat(filter.decide(warning(NETWORK, "a new one"))).isEqualTo(FilterReply.DENY);
    }

    private static String away(int client) {
        return "[Producer clientId=app-" + client + "] Connection to node -" + client + " (/127.0.0.1:909" + client
                + ") could not be established.";
    }

    private List<String> heard(LoggingEvent event) {
        if (filter.decide(event) == FilterReply.DENY) {
            return List.of();
        }
        return List.of(event.getFormattedMessage() + " " + event.getKeyValuePairs());
    }

    private LoggingEvent warning(String logger, String text) {
        return event(logger, Level.WARN, text);
    }

    private LoggingEvent event(String logger, Level level, String text) {
        LoggingEvent event = new LoggingEvent("fqcn", context.getLogger(logger), level, text, null, null);
        event.setInstant(now);
        return event;
    }
}
