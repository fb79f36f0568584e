package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void shouldTellListsOfPartsApartWhereverOneEndsAndTheNextBegins() {
        // Given
        byte[] a = Fingerprint.text("a");
        byte[] ab = Fingerprint.text("ab");

        // When
        String hash = Fingerprint.of(ab, a);

        // Then
        assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(Fingerprint.of(ab, a));
        assertThat(hash).isNotEqualTo(Fingerprint.of(a, Fingerprint.text("ba")));
        assertThat(hash).isNotEqualTo(Fingerprint.of(ab, a, new byte[0]));
    }
}
