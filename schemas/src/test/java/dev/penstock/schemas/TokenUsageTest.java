package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenUsageTest {

    @Test
    void shouldReadTheUsageOfAChatCompletion() {
        // Given
        var usage = SchemaFiles.MAPPER.readTree("""
                {"prompt_tokens": 21, "completion_tokens": 14, "total_tokens": 35,
                 "prompt_tokens_details": {"cached_tokens": 16}, "completion_tokens_details": {"reasoning_tokens": 10}}""");

        // When
        var read = TokenUsage.fromOpenAi(usage);

        // Then
        assertThat(read).contains(new TokenUsage(21, 14, 16, 10));
        assertThat(read.orElseThrow().totalTokens()).isEqualTo(35);
    }

    @Test
    void shouldDoWithoutDetails() {
        // Given
        var usage = SchemaFiles.MAPPER.readTree(
                "{\"prompt_tokens\": 1, \"completion_tokens\": 0, \"prompt_tokens_details\": null}");

        // When
        var read = TokenUsage.fromOpenAi(usage);

        // Then
        assertThat(read).contains(new TokenUsage(1, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[1]",
                "{\"prompt_tokens\": 1}",
                "{\"prompt_tokens\": -1, \"completion_tokens\": 1}",
                "{\"prompt_tokens\": \"1\", \"completion_tokens\": 1}",
                "{\"prompt_tokens\": 1e18, \"completion_tokens\": 1}",
                "{\"prompt_tokens\": 99999999999999999999, \"completion_tokens\": 1}"
            })
    void shouldTakeNothingForUsageThatMakesNoSense(String json) {
        // Given
        var usage = SchemaFiles.MAPPER.readTree(json);

        // When
        var read = TokenUsage.fromOpenAi(usage);

        // Then
        assertThat(read).isEmpty();
    }
}
