package dev.penstock.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one target, when no targets are named; otherwise the defaults of those that are.
 *
 * @param name stands in results, metrics and usage events
 * @param kind the protocol that it speaks
 * @param baseUrl what the path of a request's url is added to
 * @param apiKey null for a provider that asks for none
 * @param model what {@code auto} and {@code tier:NAME} come to
 * @param timeout of one attempt, from connecting to the last byte; where it is set, the default of every tier
 * @param asked how long requests that say so may make an attempt
 * @param maxAnswerBytes a larger answer is not taken
 * @param maxOutputTokens the output cap that is sent where the request has none
 * @param connections whether a connection carries more than one call
 * @param unlistedModels what becomes of a request for a model that no target has
 */
public record ProviderConfig(
        String name,
        TargetConfig.Kind kind,
        URI baseUrl,
        @Nullable SecretRef apiKey,
        String model,
        Duration timeout,
        TimeoutRange asked,
        Duration connectTimeout,
        int maxAnswerBytes,
        int maxConnections,
        int maxOutputTokens,
        TargetConfig.Connections connections,
        UnlistedModels unlistedModels) {

    /** What becomes of a request for a model that no target has. */
    public enum UnlistedModels {
        /** The first target of the tier is asked for it: an endpoint may serve many models. */
        PASS,
        REFUSE
    }

    static final Setting<String> NAME = new Setting<>(
            "provider.name",
            ValueType.text("1 to 64 of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._-]{1,64}"),
            "openai",
            "Name in results, metrics and usage events.");
    static final Setting<TargetConfig.Kind> KIND = new Setting<>(
            "provider.kind", ValueType.choice(TargetConfig.Kind.class), "openai", "Protocol that it speaks.");
    static final Setting<URI> BASE_URL = new Setting<>(
            "provider.base_url",
            ValueType.httpUri(),
            "https://api.openai.com",
            "Where it is, with or without /v1: https://openrouter.ai/api/v1. For anthropic: https://api.anthropic.com.");
    static final Setting<SecretRef> API_KEY = new Setting<>(
            "provider.api_key",
            Values.SECRET_REFERENCE,
            "",
            "Its key, by reference: {env: NAME} or {file: PATH}. Also for targets with the same base_url. None: none is sent.");
    static final Setting<String> MODEL = new Setting<>(
            "provider.model",
            ValueType.text("1 to 200 visible characters", "[!-~]{1,200}"),
            "gpt-4o-mini",
            "Model for requests that ask for auto or for a tier. Must be set for anthropic.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "provider.timeout",
            ValueType.duration("100ms", "1h"),
            "60s",
            "Longest that one attempt may take, from connecting to the last byte. Where it is set, the default of every tier.");
    static final Setting<Duration> MIN_TIMEOUT = new Setting<>(
            "provider.min_timeout",
            ValueType.duration("1ms", "1h"),
            DurationText.write(TimeoutRange.DEFAULT.least()),
            "Least that a request's attempt_timeout_ms can ask for; less is raised to it, but not above timeout. Deadlines stay what they are.");
    static final Setting<Duration> MAX_TIMEOUT = new Setting<>(
            "provider.max_timeout",
            ValueType.duration("100ms", "1h"),
            DurationText.write(TimeoutRange.DEFAULT.most()),
            "Most that a request's attempt_timeout_ms can ask for; more is lowered to it, but not below timeout.");
    static final Setting<Duration> CONNECT_TIMEOUT = new Setting<>(
            "provider.connect_timeout", ValueType.duration("10ms", "5m"), "5s", "Longest that connecting may take.");
    static final Setting<Long> MAX_ANSWER_BYTES = new Setting<>(
            "provider.max_answer_bytes",
            ValueType.byteSize("1KiB", "1984KiB"),
            "1MiB",
            "Largest answer. Stays below the 2MiB that producers and topics allow.");
    static final Setting<Integer> MAX_CONNECTIONS = new Setting<>(
            "provider.max_connections",
            ValueType.wholeNumber(0, 100_000),
            "0",
            "Connections open at once. 0: as many as dispatch.permits.");

    static final Setting<Integer> MAX_OUTPUT_TOKENS = new Setting<>(
            "provider.max_output_tokens",
            ValueType.wholeNumber(1, 1_000_000),
            "4096",
            "Output cap for requests that set none: no call leaves without one.");

    static final Setting<TargetConfig.Connections> CONNECTIONS_PER_CALL = new Setting<>(
            "provider.connections.per_call",
            ValueType.choice(TargetConfig.Connections.class),
            "reuse",
            "Whether calls share connections, or each has a fresh one. fresh: for a provider, or a proxy before it, that is not trusted to send one answer to one call.");

    static final Setting<UnlistedModels> UNLISTED_MODELS = new Setting<>(
            "provider.unlisted_models",
            ValueType.choice(UnlistedModels.class),
            "",
            "A request for a model that is no target's: pass asks the first target of its tier for it, refuse does not. None: refuse where every target names its model, else pass.");

    static final List<Setting<?>> SETTINGS = List.of(
            NAME,
            KIND,
            BASE_URL,
            API_KEY,
            MODEL,
            TIMEOUT,
            MIN_TIMEOUT,
            MAX_TIMEOUT,
            CONNECT_TIMEOUT,
            MAX_ANSWER_BYTES,
            MAX_CONNECTIONS,
            MAX_OUTPUT_TOKENS,
            CONNECTIONS_PER_CALL,
            UNLISTED_MODELS);

    /** As it would be written. */
    String shownUnlistedModels() {
        return unlistedModels.name().toLowerCase(Locale.ROOT);
    }

    static ProviderConfig from(Values values) {
        TargetConfig.Kind kind = values.get(KIND);
        ProviderConfig provider = new ProviderConfig(
                values.get(NAME),
                kind,
                values.find(BASE_URL).orElse(kind.baseUrl()),
                values.secret(API_KEY).orElse(null),
                values.get(MODEL),
                values.get(TIMEOUT),
                new TimeoutRange(values.get(MIN_TIMEOUT), values.get(MAX_TIMEOUT)),
                connectTimeout(values),
                Math.toIntExact(values.get(MAX_ANSWER_BYTES)),
                values.get(MAX_CONNECTIONS) == 0 ? values.get(DispatchConfig.PERMITS) : values.get(MAX_CONNECTIONS),
                values.get(MAX_OUTPUT_TOKENS),
                values.get(CONNECTIONS_PER_CALL),
                values.find(UNLISTED_MODELS).orElseGet(() -> unlistedModels(values)));
        values.expect(
                CONNECT_TIMEOUT,
                provider.connectTimeout.compareTo(provider.timeout) <= 0,
                "at most provider.timeout, " + DurationText.write(provider.timeout));
        values.expect(
                MIN_TIMEOUT,
                provider.asked.least().compareTo(provider.asked.most()) <= 0,
                "at most provider.max_timeout, " + DurationText.write(provider.asked.most()));
        return provider;
    }

    /** Where every target says which model it is for, it is known that none serves another. */
    private static UnlistedModels unlistedModels(Values values) {
        Set<String> targets = values.names().of(TargetConfig.SECTION);
        boolean allNamed = !targets.isEmpty()
                && targets.stream().map(TargetConfig.MODEL::of).allMatch(values::isGiven);
        return allNamed ? UnlistedModels.REFUSE : UnlistedModels.PASS;
    }

    /** Who asks for shorter attempts alone does not mean to be told that connecting may take too long. */
    private static Duration connectTimeout(Values values) {
        Duration connect = values.get(CONNECT_TIMEOUT);
        Duration attempt = values.get(TIMEOUT);
        return values.isGiven(CONNECT_TIMEOUT) || connect.compareTo(attempt) <= 0 ? connect : attempt;
    }
}
