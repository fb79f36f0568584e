package dev.penstock.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.http.AnswerJson.NotAnObject;
import dev.penstock.provider.http.AnswerJson.Parsed;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerJsonTest {

    private final AnswerJson json = new AnswerJson(10_000);

    @Test
    void shouldKeepNumbersExactly() {
        // Given
        String answer = "{\"a\":1.10,\"b\":123456789012345678901234567890}";

        // When
        AnswerJson.Content content = parse(answer);

        // Then
        assertThat(content)
                .isInstanceOfSatisfying(
                        Parsed.class,
                        parsed -> assertThat(parsed.object().toString()).isEqualTo(answer));
    }

    @Test
    void shouldReplaceHalfASurrogatePairRatherThanLoseAPaidAnswer() {
        // Given
        String answer = "{\"text\":\"cut \\ud83d\"}";

        // When
        AnswerJson.Content content = parse(answer);

        // Then
        assertThat(content)
                .isInstanceOfSatisfying(
                        Parsed.class,
                        parsed -> assertThat(parsed.object().path("text").asString())
                                .isEqualTo("cut \ufffd"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"a\":1e2000000000}",
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "not json",
            })
    void shouldRefuseWhatNoOutcomeRecordCouldCarry(String answer) {
        // When
        AnswerJson.Content content = parse(answer);

        // Then
        assertThat(content).isInstanceOf(NotAnObject.class);
    }

    private AnswerJson.Content parse(String answer) {
        return json.parse(answer.getBytes(StandardCharsets.UTF_8));
    }
}
