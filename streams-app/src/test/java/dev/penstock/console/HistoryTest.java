package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final History history = new History(new Readings(metrics));

    @Test
    void shouldTellRatesAndLatenciesOfLate() {
        // Given
        Timer timer = Timer.builder("penstock.request.duration")
                .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400))
                .register(metrics);
        record(timer, 50, 1_000);
        history.sample(START);

        // When
        metrics.counter("penstock.results", "source", "provider").increment(30);
        metrics.counter("penstock.results", "source", "cache").increment(10);
        record(timer, 150, 50);
        record(timer, 300, 50);
        history.sample(START.plusSeconds(2));

        // Then
        Sample sample = history.after(Instant.EPOCH).getFirst();
        assertThat(sample.answered()).isEqualTo(20);
        assertThat(sample.p50()).isCloseTo(200, within(0.1));
        assertThat(sample.p95()).isCloseTo(380, within(0.1));
    }

    @Test
    void shouldSayNothingOfLatencyWhileNothingComes() {
        // When
        history.sample(START);
        history.sample(START.plusSeconds(2));

        // Then
        assertThat(history.after(Instant.EPOCH).getFirst().p95()).isNaN();
    }

    @Test
    void shouldForgetWhatIsOld() {
        // When
        for (int i = 0; i <= 1_000; i++) {
            history.sample(START.plusSeconds(2L * i));
        }

        // Then
        List<Sample> kept = history.after(Instant.EPOCH);
        assertThat(kept).hasSize(300);
        assertThat(kept.getLast().at()).isEqualTo(START.plusSeconds(2_000));
        assertThat(history.after(START.plusSeconds(1_996))).hasSize(2);
    }

    private static void record(Timer timer, long millis, int times) {
        for (int i = 0; i < times; i++) {
            timer.record(Duration.ofMillis(millis));
        }
    }
}
