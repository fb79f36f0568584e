package dev.penstock.provider.openai;

import dev.penstock.provider.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to call.
 *
 * @param baseUrl a host ({@code https://api.openai.com}), or with a path that stands for {@code /v1} as in the SDKs
 *     ({@code https://openrouter.ai/api/v1})
 * @param apiKey sent as bearer token, if there is one
 * @param connectTimeout for name lookup, for TCP and for the TLS handshake, each
 * @param maxAnswerBytes answers over it are not handed on
 * @param maxConnections at least as many as calls may be in flight, or they wait for each other
 */
public record OpenAiSettings(
        URI baseUrl, @Nullable Secret apiKey, Duration connectTimeout, int maxAnswerBytes, int maxConnections) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final int DEFAULT_MAX_ANSWER_BYTES = 1024 * 1024;
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** The largest answer that can be asked for; beyond it the rest of the pipeline could not carry it. */
    public static final int HIGHEST_MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    public OpenAiSettings {
        requireBaseUrl(baseUrl);
        require(
                !connectTimeout.isNegative() && !connectTimeout.isZero(),
                "connectTimeout",
                connectTimeout,
                "more than zero");
        require(
                maxAnswerBytes > 0 && maxAnswerBytes <= HIGHEST_MAX_ANSWER_BYTES,
                "maxAnswerBytes",
                maxAnswerBytes,
                "1.." + HIGHEST_MAX_ANSWER_BYTES);
        require(maxConnections > 0, "maxConnections", maxConnections, "at least 1");
    }

    /** With every limit at its default. */
    public static OpenAiSettings of(URI baseUrl, @Nullable Secret apiKey) {
        return new OpenAiSettings(
                baseUrl, apiKey, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_ANSWER_BYTES, DEFAULT_MAX_CONNECTIONS);
    }

    public OpenAiSettings withMaxAnswerBytes(int bytes) {
        return new OpenAiSettings(baseUrl, apiKey, connectTimeout, bytes, maxConnections);
    }

    public OpenAiSettings withMaxConnections(int connections) {
        return new OpenAiSettings(baseUrl, apiKey, connectTimeout, maxAnswerBytes, connections);
    }

    public OpenAiSettings withConnectTimeout(Duration timeout) {
        return new OpenAiSettings(baseUrl, apiKey, timeout, maxAnswerBytes, maxConnections);
    }

    /** A password in the URL is a secret in the wrong place, so the URL is not printed in the message then. */
    private static void requireBaseUrl(URI url) {
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "baseUrl: has a user or password in it (expected: the key by reference)");
        }
        boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        require(
                web && url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null,
                "baseUrl",
                url,
                "http://HOST[:PORT][/PATH] or https://HOST[:PORT][/PATH]");
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + rule + ")");
        }
    }
}
