package dev.penstock.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    @ParameterizedTest
    @ValueSource(strings = {"line\r\nEvil: 1", "blank blank", "naïve", "\u0000"})
    void shouldHashIdempotencyKeysThatNoHeaderCanCarry(String key) {
        // When
        String sent = Envelope.idempotencyKey(key);

        // Then
        assertThat(sent).matches("sha256-[0-9a-f]{64}").isEqualTo(Envelope.idempotencyKey(key));
        assertThat(Envelope.idempotencyKey("k".repeat(256))).startsWith("sha256-");
        assertThat(Envelope.idempotencyKey("plain-key")).isEqualTo("plain-key");
    }
}
