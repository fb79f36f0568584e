package dev.penstock.provider.http;

import dev.penstock.provider.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to call, whatever is spoken there.
 *
 * @param baseUrl a host, or with a path
 * @param apiKey sent as the dialect has it, if there is one
 * @param connectTimeout for name lookup, for TCP and for the TLS handshake, each
 * @param maxAnswerBytes answers over it are not handed on
 * @param maxConnections at least as many as calls may be in flight, or they wait for each other
 * @param freshConnections no connection carries a second call
 */
public record HttpSettings(
        URI baseUrl,
        @Nullable Secret apiKey,
        Duration connectTimeout,
        int maxAnswerBytes,
        int maxConnections,
        boolean freshConnections) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final int DEFAULT_MAX_ANSWER_BYTES = 1024 * 1024;
    public static final int DEFAULT_MAX_CONNECTIONS = 10_000;

    /** The largest answer that can be asked for; beyond it the rest of the pipeline could not carry it. */
    public static final int HIGHEST_MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    public HttpSettings {
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
    public static HttpSettings of(URI baseUrl, @Nullable Secret apiKey) {
        return new HttpSettings(
                baseUrl, apiKey, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_ANSWER_BYTES, DEFAULT_MAX_CONNECTIONS, false);
    }

    public HttpSettings withMaxAnswerBytes(int bytes) {
        return new HttpSettings(baseUrl, apiKey, connectTimeout, bytes, maxConnections, freshConnections);
    }

    public HttpSettings withMaxConnections(int connections) {
        return new HttpSettings(baseUrl, apiKey, connectTimeout, maxAnswerBytes, connections, freshConnections);
    }

    public HttpSettings withConnectTimeout(Duration timeout) {
        return new HttpSettings(baseUrl, apiKey, timeout, maxAnswerBytes, maxConnections, freshConnections);
    }

    public HttpSettings withFreshConnections() {
        return new HttpSettings(baseUrl, apiKey, connectTimeout, maxAnswerBytes, maxConnections, true);
    }

    /** Without a slash at its end, so that a path can be added. */
    public String base() {
        String url = baseUrl.toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** A password or a key in the URL is a secret in the wrong place, so the URL is not printed in the message then. */
    private static void requireBaseUrl(URI url) {
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "baseUrl: has a user, query or fragment in it (expected: none, and the key by reference)");
        }
        boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        require(
                web && url.getHost() != null,
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
