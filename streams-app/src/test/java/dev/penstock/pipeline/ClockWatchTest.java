package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockWatchTest {

    private final List<Duration> noticed = new ArrayList<>();
    private long clockMillis = 1_700_000_000_000L;
    private long steadyNanos = -5_000_000_000L;

    private final ClockWatch watch = new ClockWatch(() -> clockMillis, () -> steadyNanos, noticed::add);

    private void pass(Duration time) {
        clockMillis += time.toMillis();
        steadyNanos += time.toNanos();
        watch.look();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-2H", "PT6S", "PT-6S"})
    void shouldNoticeThatTheClockWasSet(Duration difference) {
        // Given
        pass(Duration.ofSeconds(1));

        // When
        clockMillis += difference.toMillis();
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));

        // Then
        assertThat(noticed).containsExactly(difference);
    }

    /** A process that was stopped, or a machine that was too busy to look. */
    @Test
    void shouldNotTakeAPauseForASetting() {
        // When
        pass(Duration.ofHours(3));

        // Then
        assertThat(noticed).isEmpty();
    }

    @Test
    void shouldFollowAClockThatIsCorrectedLittleByLittle() {
        // When
        for (int second = 0; second < 3_600; second++) {
            clockMillis += 500;
            pass(Duration.ofSeconds(1));
        }

        // Then
        assertThat(noticed).isEmpty();
    }
}
