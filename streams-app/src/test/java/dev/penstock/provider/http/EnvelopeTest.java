package dev.penstock.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static final byte[] BODY = "{}".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"line\r\nEvil: 1", "blank blank", "naïve", "\u0000"})
    void shouldHashIdempotencyKeysThatNoHeaderCanCarry(String key) {
        // When
        String sent = Envelope.idempotencyKey(key, BODY);

        // Then
        assertThat(sent).matches("sha256-[0-9a-f]{64}\\.[0-9a-f]{32}").isEqualTo(Envelope.idempotencyKey(key, BODY));
        assertThat(Envelope.idempotencyKey("k".repeat(256), BODY)).startsWith("sha256-");
        assertThat(Envelope.idempotencyKey("k".repeat(222), BODY)).hasSize(255);
        assertThat(Envelope.idempotencyKey("plain-key", BODY)).startsWith("plain-key.");
    }

    @Test
    void shouldGiveEachBodyAKeyOfItsOwnAndOneBodyTheSameKeyEachTime() {
        // Given
        byte[] shorter = "{\"a\":1}".getBytes(UTF_8);

        // When
        String first = Envelope.idempotencyKey("call", BODY);

        // Then
        assertThat(Envelope.idempotencyKey("call", shorter)).isNotEqualTo(first);
        assertThat(Envelope.idempotencyKey("other", BODY)).isNotEqualTo(first);
        assertThat(Envelope.idempotencyKey("call", BODY.clone())).isEqualTo(first);
    }
}
