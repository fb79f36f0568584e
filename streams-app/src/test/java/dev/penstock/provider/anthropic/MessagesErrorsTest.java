package dev.penstock.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.ErrorClass;
import dev.penstock.provider.ErrorClass.Credentials;
import dev.penstock.provider.ErrorClass.Permanent;
import dev.penstock.provider.ErrorClass.SpendCapped;
import dev.penstock.provider.ErrorClass.Throttled;
import dev.penstock.provider.ErrorClass.Transient;
import dev.penstock.provider.ErrorClassifier;
import dev.penstock.provider.ErrorSignals;
import dev.penstock.provider.http.ErrorWords;
import dev.penstock.schemas.DeadLetterCode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's errors, and the class that the common table puts each in. */
class MessagesErrorsTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ErrorClass BAD_REQUEST = new Permanent(DeadLetterCode.PROVIDER_BAD_REQUEST, false);
    private static final ErrorClass SERVER_ERROR = new Transient(DeadLetterCode.PROVIDER_SERVER_ERROR, true);

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(400, "invalid_request_error", "messages: field required", BAD_REQUEST),
                Arguments.of(401, "authentication_error", "invalid x-api-key", new Credentials()),
                Arguments.of(402, "billing_error", "payment", new SpendCapped()),
                Arguments.of(403, "permission_error", "no", new Credentials()),
                Arguments.of(404, "not_found_error", "model: claude-0", BAD_REQUEST),
                Arguments.of(413, "request_too_large", "Request exceeds the maximum size", BAD_REQUEST),
                Arguments.of(429, "rate_limit_error", "slow down", new Throttled()),
                Arguments.of(500, "api_error", "Internal server error", SERVER_ERROR),
                Arguments.of(504, "timeout_error", "Request timed out", SERVER_ERROR),
                Arguments.of(
                        529,
                        "overloaded_error",
                        "Overloaded",
                        new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false)),
                Arguments.of(
                        400,
                        "invalid_request_error",
                        "prompt is too long: 208310 tokens > 200000 maximum",
                        new Permanent(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true)),
                Arguments.of(
                        400,
                        "invalid_request_error",
                        "input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000",
                        new Permanent(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true)),
                Arguments.of(
                        400,
                        "invalid_request_error",
                        "Your credit balance is too low to access the Anthropic API.",
                        new SpendCapped()),
                Arguments.of(
                        400,
                        "invalid_request_error",
                        "You have reached your specified API usage limits. You will regain access on 2026-12-01.",
                        new SpendCapped()),
                Arguments.of(400, "billing_error", "payment", new SpendCapped()),
                Arguments.of(
                        400,
                        "invalid_request_error",
                        "Output blocked by content filtering policy",
                        new Permanent(DeadLetterCode.PROVIDER_CONTENT_REFUSED, true)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void shouldBeClassifiedAsTheTableSays(int status, String type, String message, ErrorClass expected) {
        // Given
        ErrorWords words = words("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                + "\"},\"request_id\":\"req_1\"}");

        // When
        ErrorClass actual = ErrorClassifier.classify(
                new ErrorSignals(status, words.code(), words.type(), words.speaksOfContextLength(), null, null));

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void shouldNotBeMisledByAMessageThatQuotesThePrompt() {
        // When
        ErrorWords words = words("{\"error\":{\"type\":\"invalid_request_error\",\"message\":"
                + "\"messages.0: not allowed: prompt is too long, Your credit balance is too low\"}}");

        // Then
        assertThat(words).isEqualTo(new ErrorWords("", "invalid_request_error", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"error\":\"busy\"}",
                "{\"error\":{\"type\":5,\"message\":[]}}",
                "{\"type\":\"error\",\"error\":null}"
            })
    void shouldReadNothingFromOtherBodies(String body) {
        // When / Then
        assertThat(words(body).speaksOfContextLength()).isFalse();
    }

    private static ErrorWords words(String body) {
        return MessagesErrors.words(MAPPER.readTree(body));
    }
}
