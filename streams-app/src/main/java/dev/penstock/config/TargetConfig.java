package dev.penstock.config;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One place that calls can be sent to: a provider, an account there and a model.
 *
 * @param name stands in chains, results, metrics and usage events
 * @param kind the protocol that it speaks
 * @param baseUrl what the path of a request's url is added to
 * @param apiKey null for a provider that asks for none
 * @param model what {@code auto} and {@code tier:NAME} come to
 * @param price the entry of the price table; null for the model's name
 * @param timeout of one attempt here; null for what the tier says
 * @param connectTimeout longest that connecting may take
 * @param maxAnswerBytes a larger answer is not taken
 * @param maxConnections connections open at once
 * @param maxOutputTokens the output cap that is sent where the request has none
 * @param rpmLimit requests a minute, this instance; 0 for no limit
 * @param tpmLimit tokens a minute, this instance; 0 for no limit
 * @param maxConcurrency calls at once, this instance
 * @param quota the account whose limits it shares with other targets of that name
 */
public record TargetConfig(
        String name,
        Kind kind,
        URI baseUrl,
        @Nullable SecretRef apiKey,
        String model,
        @Nullable String price,
        @Nullable Duration timeout,
        Duration connectTimeout,
        int maxAnswerBytes,
        int maxConnections,
        int maxOutputTokens,
        int rpmLimit,
        long tpmLimit,
        int maxConcurrency,
        String quota) {

    /** The protocols that there are. */
    public enum Kind {
        OPENAI,
        ANTHROPIC
    }
}
