package dev.penstock.provider.anthropic;

import dev.penstock.provider.Secret;
import dev.penstock.provider.http.HttpSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to call.
 *
 * @param http its base URL is a host ({@code https://api.anthropic.com}), or with a path before {@code /v1}, or up to it; its
 *     key is sent as {@code x-api-key}
 * @param maxOutputTokens the output cap for a call that has none, as this API requires one
 */
public record AnthropicSettings(HttpSettings http, int maxOutputTokens) {

    public static final int DEFAULT_MAX_OUTPUT_TOKENS = 4096;

    public AnthropicSettings {
        if (maxOutputTokens < 1) {
            throw new IllegalArgumentException("maxOutputTokens: " + maxOutputTokens + " (expected: at least 1)");
        }
    }

    /** With every limit at its default. */
    public static AnthropicSettings of(URI baseUrl, @Nullable Secret apiKey) {
        return new AnthropicSettings(HttpSettings.of(baseUrl, apiKey), DEFAULT_MAX_OUTPUT_TOKENS);
    }

    public AnthropicSettings withMaxAnswerBytes(int bytes) {
        return new AnthropicSettings(http.withMaxAnswerBytes(bytes), maxOutputTokens);
    }

    public AnthropicSettings withMaxConnections(int connections) {
        return new AnthropicSettings(http.withMaxConnections(connections), maxOutputTokens);
    }

    public AnthropicSettings withConnectTimeout(Duration timeout) {
        return new AnthropicSettings(http.withConnectTimeout(timeout), maxOutputTokens);
    }

    public AnthropicSettings withMaxOutputTokens(int tokens) {
        return new AnthropicSettings(http, tokens);
    }
}
