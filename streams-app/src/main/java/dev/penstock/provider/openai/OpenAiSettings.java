package dev.penstock.provider.openai;

import dev.penstock.provider.Secret;
import dev.penstock.provider.http.HttpSettings;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to call.
 *
 * @param http its base URL is a host ({@code https://api.openai.com}), or with a path that stands for {@code /v1} as in the
 *     SDKs ({@code https://openrouter.ai/api/v1}); its key is sent as bearer token
 */
public record OpenAiSettings(HttpSettings http) {

    /** With every limit at its default. */
    public static OpenAiSettings of(URI baseUrl, @Nullable Secret apiKey) {
        return new OpenAiSettings(HttpSettings.of(baseUrl, apiKey));
    }

    public OpenAiSettings withMaxAnswerBytes(int bytes) {
        return new OpenAiSettings(http.withMaxAnswerBytes(bytes));
    }

    public OpenAiSettings withMaxConnections(int connections) {
        return new OpenAiSettings(http.withMaxConnections(connections));
    }

    public OpenAiSettings withConnectTimeout(Duration timeout) {
        return new OpenAiSettings(http.withConnectTimeout(timeout));
    }
}
