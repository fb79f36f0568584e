package dev.penstock.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.penstock.provider.Calls;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Keys, prompts and what providers write must not be printed, not even with every logger wide open. */
@Isolated("it reads what this JVM logs")
class NoSecretInLogsTest {

    private static final String KEY = "sk-canary-key-5f1c";
    private static final String PROMPT = "canary-prompt-77ab";
    private static final String PROVIDER_TEXT = "canary-provider-text-c0de";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Level levelBefore = root.getLevel();

    @BeforeEach
    void listen() {
        logged.start();
        root.setLevel(Level.ALL);
        root.addAppender(logged);
    }

    @AfterEach
    void stop() {
        root.detachAppender(logged);
        root.setLevel(levelBefore);
    }

    @Test
    void shouldPrintNoSecret() throws Exception {
        // Given
        String refusal = "{\"error\":{\"message\":\"bad key " + KEY + " for " + PROMPT + PROVIDER_TEXT
                + "\",\"code\":\"" + PROVIDER_TEXT + "\",\"type\":\"" + PROVIDER_TEXT + "\"}}";
        String answer = "{\"choices\":[{\"text\":\"" + PROVIDER_TEXT + PROMPT + "\"}]}";

        // When
        String printed = replies(RawServer.ok(answer))
                + replies("HTTP/1.1 401 " + PROVIDER_TEXT + "\r\nX-Echo: " + KEY + "\r\n\r\n" + refusal)
                + replies(RawServer.ok(PROVIDER_TEXT))
                + replies(PROVIDER_TEXT + "\r\n\r\n")
                + replies("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + PROVIDER_TEXT);

        // Then
        String logs = logged.list.stream()
                .map(event -> event.getFormattedMessage() + event.getMDCPropertyMap())
                .collect(Collectors.joining("\n"));
        assertThat(logs).contains("connecting").doesNotContain(KEY, PROMPT, PROVIDER_TEXT);
        assertThat(printed).contains("Answered", "Failed").doesNotContain(KEY, PROMPT, PROVIDER_TEXT);
    }

    @Test
    void shouldMaskTheKeyInSettings() {
        // When / Then
        assertThat(OpenAiSettings.of(URI.create("https://h"), Secret.of(KEY)))
                .asString()
                .contains("apiKey=****")
                .doesNotContain(KEY);
        assertThatThrownBy(() -> Secret.of(KEY + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(KEY);
    }

    private static String replies(String response) throws Exception {
        try (RawServer server = RawServer.sending(response);
                OpenAiProvider provider = new OpenAiProvider(
                        OpenAiSettings.of(server.baseUrl(), Secret.of(KEY)), InstantSource.system())) {
            ProviderCall call =
                    new ProviderCall(PROMPT, "/v1/chat/completions", Calls.body(PROMPT), Duration.ofSeconds(10), null);
            ProviderReply reply = provider.call(call);
            return call + "\n" + reply + "\n";
        }
    }
}
