package dev.penstock.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.provider.Calls;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.Secret;
import dev.penstock.provider.http.HttpSettings;
import dev.penstock.provider.http.Written;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiDialectTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com,             https://api.example.com/v1/chat/completions",
        "https://api.example.com/,            https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1,          https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/,         https://api.example.com/v1/chat/completions",
        "https://example.com/api/openai,      https://example.com/api/openai/chat/completions",
    })
    void shouldJoinBaseUrlAndPath(String baseUrl, String expected) {
        // Given
        OpenAiDialect dialect = new OpenAiDialect(HttpSettings.of(URI.create(baseUrl), null));

        // When
        Written.Message message = (Written.Message) dialect.write(Calls.call("x"));

        // Then
        assertThat(message.uri()).hasToString(expected);
    }

    @Test
    void shouldSendKeyTraceAndIdempotencyKey() throws Exception {
        // Given
        try (RawServer server = RawServer.sending(RawServer.ok("{}"));
                OpenAiProvider provider = new OpenAiProvider(
                        OpenAiSettings.of(server.baseUrl(), Secret.of("sk-1")), InstantSource.system())) {

            // When
            provider.call(new ProviderCall(
                    "acme/42", "/v1/chat/completions", Calls.body("hi"), Duration.ofSeconds(5), TRACE));

            // Then
            assertThat(server.requests().getFirst())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .containsPattern("Idempotency-Key: acme/42\\.[0-9a-f]{32}\r\n")
                    .contains("Authorization: Bearer sk-1\r\n")
                    .contains("traceparent: " + TRACE + "\r\n")
                    .contains("Accept-Encoding: identity\r\n")
                    .contains("Content-Type: application/json\r\n")
                    .endsWith("\r\n\r\n" + Calls.body("hi"));
        }
    }

    @Test
    void shouldSendNeitherAKeyNorATraceThatIsNotThere() throws Exception {
        // Given
        try (RawServer server = RawServer.sending(RawServer.ok("{}"));
                OpenAiProvider provider =
                        new OpenAiProvider(OpenAiSettings.of(server.baseUrl(), null), InstantSource.system())) {

            // When
            provider.call(new ProviderCall(
                    "k", "/v1/chat/completions", Calls.body("hi"), Duration.ofSeconds(5), "x\r\nEvil: 1"));

            // Then
            assertThat(server.requests().getFirst()).doesNotContain("Authorization", "traceparent", "Evil");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "https:///path", "//host"})
    void shouldRefuseBaseUrlsThatAreNone(String url) {
        // When / Then
        assertThatThrownBy(() -> OpenAiSettings.of(URI.create(url), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baseUrl: " + url + " (expected: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://user:hunter2@h", "https://h/v1?key=hunter2", "https://h/#hunter2", "ftp://h/?hunter2"})
    void shouldRefuseASecretInTheBaseUrlWithoutShowingIt(String url) {
        // When / Then
        assertThatThrownBy(() -> OpenAiSettings.of(URI.create(url), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }
}
