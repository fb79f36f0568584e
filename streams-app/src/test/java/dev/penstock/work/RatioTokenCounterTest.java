package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatioTokenCounterTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "plain text", "äöü", "漢字かな", "😀😀 and x", "\uD83D alone", "\uDE00"})
    void shouldCountUtf8Bytes(String text) {
        // Given
        RatioTokenCounter aByteATokenCounter = new RatioTokenCounter(1, 0);
        // The encoder writes one byte for half a pair; a replacement character has three.
        int bytes = text.replaceAll("(?<!\\p{Cs})\\p{Cs}", "\uFFFD").getBytes(StandardCharsets.UTF_8).length;

        // When
        long tokens = aByteATokenCounter.count(text);

        // Then
        assertThat(tokens).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "5,2", "6,3", "300,120"})
    void shouldStateItsRatioAndItsMargin(int characters, long expected) {
        assertThat(new RatioTokenCounter().count("x".repeat(characters))).isEqualTo(expected);
    }

    @Test
    void shouldRefuseARatioThatIsNone() {
        assertThatThrownBy(() -> new RatioTokenCounter(0, 0)).hasMessage("bytesPerToken: 0.0 (expected: 0.25..100)");
        assertThatThrownBy(() -> new RatioTokenCounter(3, Double.NaN)).hasMessage("margin: NaN (expected: 0..10)");
    }
}
