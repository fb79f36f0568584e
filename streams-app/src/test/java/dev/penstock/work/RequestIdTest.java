package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

    @Test
    void shouldReadWhatItWrites() {
        // Given
        RequestId id = new RequestId("my-own.requests", 11, Long.MAX_VALUE);

        // When / Then
        assertThat(RequestId.parse(id.toString())).isEqualTo(id);
        assertThat(RequestId.parse(id.ofSharedCall().toString())).isEqualTo(id.ofSharedCall());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "-1-2", "t-1", "t-1--2", "t-1-", "t-1-two", "t-4294967295-0", "t-0-18446744073709551615"
            })
    void shouldReadNothingElse(String text) {
        assertThat(RequestId.parse(text)).isNull();
    }
}
