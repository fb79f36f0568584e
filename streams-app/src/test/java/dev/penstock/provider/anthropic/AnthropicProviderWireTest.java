package dev.penstock.provider.anthropic;

import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.provider.Calls;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.Secret;
import dev.penstock.provider.http.Written;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on the wire, and the provider against servers that break HTTP or the Messages API. */
class AnthropicProviderWireTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String MESSAGE = "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"yes\"}],"
            + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}";

    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com,          https://api.anthropic.com/v1/messages",
        "https://api.anthropic.com/,         https://api.anthropic.com/v1/messages",
        "https://api.anthropic.com/v1,       https://api.anthropic.com/v1/messages",
        "https://api.anthropic.com/v1/,      https://api.anthropic.com/v1/messages",
        "https://gate.example.com/anthropic, https://gate.example.com/anthropic/v1/messages",
    })
    void shouldJoinBaseUrlAndPath(String baseUrl, String expected) {
        // Given
        MessagesDialect dialect =
                new MessagesDialect(AnthropicSettings.of(URI.create(baseUrl), null), InstantSource.system());

        // When
        Written.Message message = (Written.Message) dialect.write(call("x"));

        // Then
        assertThat(message.uri()).hasToString(expected);
    }

    @Test
    void shouldSendKeyVersionTraceAndIdempotencyKey() throws Exception {
        // Given
        try (RawServer server = RawServer.sending(RawServer.ok("{}"));
                AnthropicProvider provider = new AnthropicProvider(
                        AnthropicSettings.of(server.baseUrl(), Secret.of("sk-ant-1"))
                                .withMaxOutputTokens(9),
                        InstantSource.system())) {

            // When
            provider.call(new ProviderCall(
                    "acme/42", "/v1/chat/completions", Calls.body("hi"), Duration.ofSeconds(5), TRACE));

            // Then
            assertThat(server.requests().getFirst())
                    .startsWith("POST /v1/messages HTTP/1.1\r\n")
                    .contains("x-api-key: sk-ant-1\r\n")
                    .contains("anthropic-version: 2023-06-01\r\n")
                    .containsPattern("Idempotency-Key: acme/42\\.[0-9a-f]{32}\r\n")
                    .contains("traceparent: " + TRACE + "\r\n")
                    .contains("Accept-Encoding: identity\r\n")
                    .contains("Content-Type: application/json\r\n")
                    .doesNotContain("Authorization")
                    .endsWith("\r\n\r\n{\"model\":\"test-model\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
                            + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}]}");
        }
    }

    @Test
    void shouldSendNoKeyThatIsNotThere() throws Exception {
        // Given
        try (RawServer server = RawServer.sending(RawServer.ok("{}"));
                AnthropicProvider provider = provider(server.baseUrl())) {

            // When
            provider.call(call("hi"));

            // Then
            assertThat(server.requests().getFirst())
                    .contains("anthropic-version: 2023-06-01")
                    .doesNotContain("x-api-key", "Authorization", "traceparent");
        }
    }

    @Test
    void shouldReadItsOwnRequestIdAndRetryAfter() throws Exception {
        // When
        Answered answered =
                (Answered) replyTo("HTTP/1.1 200 OK\r\nrequest-id: req_011\r\nx-request-id: proxy\r\nContent-Length: "
                        + MESSAGE.length() + "\r\n\r\n" + MESSAGE);
        Failed throttled = (Failed) replyTo("HTTP/1.1 429 Slow\r\nretry-after: 7\r\n\r\n{\"type\":\"error\",\"error\":"
                + "{\"type\":\"rate_limit_error\",\"message\":\"x\"},\"request_id\":\"req_1\"}");
        Failed overloaded =
                (Failed) replyTo("HTTP/1.1 529 Overloaded\r\nx-should-retry: true\r\nContent-Length: 0\r\n\r\n");

        // Then
        assertThat(answered.providerRequestId()).isEqualTo("req_011");
        assertThat(answered.usage()).isEqualTo(new TokenUsage(5, 1, 0, 0));
        assertThat(throttled.code()).isEqualTo(DeadLetterCode.PROVIDER_THROTTLED);
        assertThat(throttled.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(overloaded.code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
        assertThat(overloaded.possiblyBilled()).isFalse();
    }

    @Test
    void shouldTakeALengthThatIsTooLongForACut() throws Exception {
        // When
        Failed failed = (Failed) replyTo("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + MESSAGE);

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_CUT);
    }

    @Test
    void shouldNotUseAConnectionAgainThatHasBytesLeftOver() throws Exception {
        // Given
        try (RawServer server = RawServer.keeping("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + MESSAGE);
                AnthropicProvider provider = provider(server.baseUrl())) {

            // When
            Failed first = (Failed) provider.call(call("one"));
            Failed second = (Failed) provider.call(call("two"));

            // Then
            assertUnknown(first, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertUnknown(second, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"yes\"}}]}",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
                "{\"type\":\"message\",\"content\":null}",
                "event: message_start\\ndata: {}",
            })
    void shouldCallUnusableWhatIsNoMessage(String body) throws Exception {
        // When / Then
        assertUnknown((Failed) replyTo(RawServer.ok(body)), DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
    }

    @Test
    void shouldReadChunkedAnswersAndRepairHalfASurrogatePair() throws Exception {
        // Given
        String body = MESSAGE.replace("yes", "a\\ud83d b");
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";

        // When
        Answered answered = (Answered) replyTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);

        // Then
        assertThat(answered.body().at("/choices/0/message/content").asString()).isEqualTo("a\uFFFD b");
    }

    @Test
    void shouldBoundInterimAnswers() throws Exception {
        // Given
        try (RawServer server = RawServer.start((out, socket) -> {
                    while (true) {
                        out.write("HTTP/1.1 102 Processing\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    }
                });
                AnthropicProvider provider = provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call("endless"));

            // Then
            assertUnknown(failed, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
            await().untilAsserted(
                            () -> assertThat(provider.connections().leased()).isZero());
        }
    }

    @Test
    void shouldNeverSendARequestTwice() throws Exception {
        // Given
        try (RawServer server = RawServer.start((out, socket) -> false);
                AnthropicProvider provider = provider(server.baseUrl())) {

            // When
            Failed failed = (Failed) provider.call(call("once"));

            // Then
            assertUnknown(failed, DeadLetterCode.PROVIDER_CUT);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void shouldShowNeitherKeyNorTextInSettingsAndReplies() throws Exception {
        // Given
        AnthropicSettings settings = AnthropicSettings.of(URI.create("https://h"), Secret.of("canary"));
        Written written = new MessagesDialect(settings, InstantSource.system()).write(call("canary"));

        // When
        ProviderReply refused = replyTo("HTTP/1.1 400 canary\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":\"canary\","
                + "\"message\":\"prompt is too long canary\"}}");
        ProviderReply answered = replyTo(RawServer.ok(MESSAGE.replace("yes", "canary")));

        // Then
        assertThat(settings + " " + written + " " + refused + " " + answered)
                .contains("****", "PROVIDER_CONTEXT_LENGTH", "Answered")
                .doesNotContain("canary");
        assertThatThrownBy(() -> settings.withMaxOutputTokens(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxOutputTokens: 0 (expected: at least 1)");
    }

    private static ProviderReply replyTo(String response) throws Exception {
        try (RawServer server = RawServer.sending(response);
                AnthropicProvider provider = provider(server.baseUrl())) {
            ProviderReply reply = provider.call(call("hello"));
            await().untilAsserted(
                            () -> assertThat(provider.connections().leased()).isZero());
            return reply;
        }
    }

    private static AnthropicProvider provider(URI baseUrl) {
        return new AnthropicProvider(AnthropicSettings.of(baseUrl, null), InstantSource.system());
    }

    private static void assertUnknown(Failed failed, DeadLetterCode code) {
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(failed.possiblyBilled()).isTrue();
    }
}
