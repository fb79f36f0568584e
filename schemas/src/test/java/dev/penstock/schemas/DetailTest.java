package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetailTest {

    @Test
    void shouldEscapeWhatMovesACursorOrReordersText() {
        // Given
        String text = "a\r\n\t\u001b[31m\u202e\u0085\u2028\ud83d😀";

        // When
        String detail = Detail.of(text);

        // Then
        assertThat(detail).isEqualTo("a\\u000d\\u000a\\u0009\\u001b[31m\\u202e\\u0085\\u2028\\ud83d😀");
    }

    @Test
    void shouldCutBetweenCharacters() {
        // Given
        String text = "x" + "😀".repeat(100);

        // When
        String detail = Detail.of(text);

        // Then
        assertThat(detail).isEqualTo("x" + "😀".repeat(63));
        assertThat(detail.getBytes(UTF_8)).hasSize(253);
    }

    @Test
    void shouldLeaveItselfAlone() {
        // Given
        String detail = Detail.of("line\nbreak");

        // When
        String again = Detail.of(detail);

        // Then
        assertThat(again).isEqualTo(detail);
    }
}
