package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after         | 5                             | PT5S",
                "retry-after         | 1.5                           | PT1.5S",
                "retry-after         | 0                             | PT0S",
                "retry-after         | 999999999999999999            | PT24H",
                "retry-after         | Tue, 24 Nov 2026 12:00:30 GMT | PT30S",
                "retry-after         | Tue, 24 Nov 2026 11:00:00 GMT | PT0S",
                "retry-after         | Fri, 24 Nov 2056 12:00:00 GMT | PT24H",
                "retry-after-ms      | 250                           | PT0.25S",
                "x-ms-retry-after-ms | 40                            | PT0.04S",
            })
    void shouldReadEveryForm(String header, String value, Duration expected) {
        // When
        Optional<Duration> wait = read(Map.of(header, List.of(value)));

        // Then
        assertThat(wait).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "NaN", "1e9", "0x10", "Tue, 99 Nov 2026 12:00:30 GMT", "5 5"})
    void shouldTakeWhatMakesNoSenseForNothingSaid(String value) {
        // When / Then
        assertThat(read(Map.of("retry-after", List.of(value)))).isEmpty();
        assertThat(read(Map.of("retry-after", List.of("9".repeat(100_000))))).isEmpty();
    }

    @Test
    void shouldTakeTheLongestOfSeveral() {
        // When
        Optional<Duration> wait = read(Map.of(
                "retry-after",
                List.of("2", "7"),
                "retry-after-ms",
                List.of("900"),
                "x-ms-retry-after-ms",
                List.of("?")));

        // Then
        assertThat(wait).contains(Duration.ofSeconds(7));
    }

    private static Optional<Duration> read(Map<String, List<String>> headers) {
        return RetryAfter.from(name -> headers.getOrDefault(name, List.of()), NOW);
    }
}
