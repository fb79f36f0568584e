package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TerminalTextTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void shouldEscapeWhatATerminalWouldObey() {
        assertThat(Cell.escaped("a\u001b[31m\r\nb\u202e\u0007", 80))
                .isEqualTo("a\\u001b[31m\\u000d\\u000ab\\u202e\\u0007");
        assertThat(Cell.escaped("ü水🌊", 80)).isEqualTo("ü水🌊");
        assertThat(Cell.escaped("\ud800", 80)).isEqualTo("\\ud800");
    }

    @Test
    void shouldBoundACellOfAMegabyte() {
        // Given
        String megabyte = "x".repeat(1_000_000);

        // When / Then
        assertThat(Cell.escaped(megabyte, 20)).hasSize(20).endsWith("…");
        assertThat(Cell.padded("ab", 5)).isEqualTo("ab   ");
        assertThat(Cell.padded(megabyte, 5)).hasSize(5);
    }

    @Test
    void shouldReadAgesAndTimes() throws Exception {
        assertThat(SinceText.read("10m", NOW)).isEqualTo(Instant.parse("2026-01-31T11:50:00Z"));
        assertThat(SinceText.read("2026-01-01T01:00:00+01:00", NOW)).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThatThrownBy(() -> SinceText.read("yesterday", NOW))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("--since: yesterday (expected: ");
    }
}
