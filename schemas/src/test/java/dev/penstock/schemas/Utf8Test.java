package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void shouldAgreeWithTheDecoderOfThePlatform() {
        // Given
        Random random = new Random(Long.getLong("seed", 5L));
        int[] tricky = {
            0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0x9F, 0xA0, 0xED, 0xEF, 0xF0, 0x8F, 0x90, 0xF4, 0xF5, 0xFF
        };

        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(6)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) tricky[random.nextInt(tricky.length)];
            }

            // When
            boolean valid = isValid(bytes);

            // Then
            assertThat(valid).as("round %d", round).isEqualTo(isValidByPlatform(bytes));
        }
    }

    private static boolean isValid(byte[] bytes) {
        try {
            int at = 0;
            while (at < bytes.length) {
                at = bytes[at] >= 0 ? at + 1 : Utf8.next(bytes, at);
            }
            return true;
        } catch (Refusal refusal) {
            return false;
        }
    }

    private static boolean isValidByPlatform(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
