package dev.penstock.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class KeyValueEncoderTest {

    private final KeyValueEncoder encoder = new KeyValueEncoder();

    @Test
    void shouldWriteOneLineOfKeysAndValues() {
        // Given
        LoggingEvent event = event("listening", null);
        event.addKeyValuePair(new KeyValuePair("port", 8080));
        event.addKeyValuePair(new KeyValuePair("host", "two words"));

        // When
        String line = text(event);

        // Then
        assertThat(line).endsWith(" level=INFO logger=Console msg=\"listening\" port=8080 host=\"two words\"\n");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void shouldNotLetAMessageForgeALineOrATerminalCode() {
        // Given
        LoggingEvent event = event("a\nts=1 level=ERROR \u001b[31m\r \u202e", null);

        // When
        String line = text(event);

        // Then
        assertThat(line.lines()).hasSize(1);
        assertThat(line).contains("a\\nts=1").contains("\\u001b[31m\\u000d \\u202e");
    }

    @Test
    void shouldBoundWhatItWrites() {
        // Given
        LoggingEvent event = event("x".repeat(100_000), null);

        // When / Then
        assertThat(text(event)).hasSizeLessThan(3_000).contains("...");
    }

    @Test
    void shouldIndentTheStackTrace() {
        // Given
        LoggingEvent event = event("failed", new IllegalStateException("why\nforged"));

        // When / Then
        assertThat(text(event).lines().skip(1)).isNotEmpty().allMatch(frame -> frame.startsWith("  "));
    }

    private static LoggingEvent event(String message, @Nullable Throwable cause) {
        return new LoggingEvent(
                "fqcn",
                new LoggerContext().getLogger("dev.penstock.console.Console"),
                Level.INFO,
                message,
                cause,
                null);
    }

    private String text(LoggingEvent event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
