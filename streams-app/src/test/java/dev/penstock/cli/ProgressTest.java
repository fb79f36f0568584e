package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long now = 7;

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(shown, true, UTF_8), "dead letters", terminal, () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void shouldTellRateAndTimeLeftInPlainLinesNowAndThen() {
        // Given
        Progress progress = progress(false);

        // When
        pass(Duration.ofMillis(4_999));
        progress.at(400, 0.2);
        pass(Duration.ofMillis(1));
        progress.at(500, 0.25);
        progress.at(600, 0.3);
        pass(Duration.ofSeconds(5));
        progress.at(1_500, 0.75);
        progress.done(2_000, "replayed");

        // Then
        assertThat(shown.toString(UTF_8)).isEqualTo("""
                500 dead letters, 100/s, 25 %, 15 s left
                1500 dead letters, 150/s, 75 %, 3 s left
                2000 dead letters replayed in 10.0 s, 200/s
                """);
    }

    @Test
    void shouldRewriteOneLineOnATerminal() {
        // Given
        Progress progress = progress(true);

        // When
        pass(Duration.ofMillis(500));
        progress.at(50, 0.5);
        pass(Duration.ofMillis(500));
        progress.done(100, "replayed");

        // Then
        assertThat(shown.toString(UTF_8))
                .isEqualTo("\r50 dead letters, 100/s, 50 %, 1 s left   \r100 dead letters replayed in 1.0 s, 100/s\n");
    }

    @Test
    void shouldPromiseNothingWhereTheWholeIsUnknown() {
        // Given
        Progress progress = progress(false);

        // When
        pass(Duration.ofSeconds(5));
        progress.at(10, -1);

        // Then
        assertThat(shown.toString(UTF_8)).isEqualTo("10 dead letters, 2/s\n");
    }
}
