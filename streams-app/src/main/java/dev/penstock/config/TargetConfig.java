package dev.penstock.config;

import dev.penstock.config.BudgetsConfig.TokenCount;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * @param asked how long attempts here may be made by requests that say so
 * @param connectTimeout longest that connecting may take
 * @param maxAnswerBytes a larger answer is not taken
 * @param maxConnections connections open at once
 * @param maxOutputTokens the output cap that is sent where the request has none
 * @param rpmLimit requests a minute of the account; 0 for no limit
 * @param tpmLimit tokens a minute of the account; 0 for no limit
 * @param maxConcurrency calls at once, this instance
 * @param share percent of both that this instance may use
 * @param quota the account whose limits it shares with other targets of that name
 * @param contextTokens what the model takes, input and output together; 0 where prompts are not measured
 * @param tokenizer how tokens of its model are counted
 * @param connections whether a connection carries more than one call
 * @param tokensOfPart the most tokens of one content part that is no text, by its type; parts of other types have no bound
 */
public record TargetConfig(
        String name,
        Kind kind,
        URI baseUrl,
        @Nullable SecretRef apiKey,
        String model,
        @Nullable String price,
        @Nullable Duration timeout,
        TimeoutRange asked,
        Duration connectTimeout,
        int maxAnswerBytes,
        int maxConnections,
        int maxOutputTokens,
        int rpmLimit,
        long tpmLimit,
        int maxConcurrency,
        int share,
        String quota,
        long contextTokens,
        TokenCount tokenizer,
        Connections connections,
        Map<String, Long> tokensOfPart) {

    public TargetConfig {
        tokensOfPart = Map.copyOf(tokensOfPart);
    }

    /** One whose prompts are not measured, and whose model's tokens nobody can count. */
    public TargetConfig(
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
            int share,
            String quota) {
        this(
                name,
                kind,
                baseUrl,
                apiKey,
                model,
                price,
                timeout,
                TimeoutRange.DEFAULT,
                connectTimeout,
                maxAnswerBytes,
                maxConnections,
                maxOutputTokens,
                rpmLimit,
                tpmLimit,
                maxConcurrency,
                share,
                quota,
                0,
                TokenCount.UTF8_BYTES,
                Connections.REUSE,
                Map.of());
    }

    /** The protocols that there are. */
    public enum Kind {
        OPENAI("https://api.openai.com"),
        ANTHROPIC("https://api.anthropic.com");

        private final URI baseUrl;

        Kind(String baseUrl) {
            this.baseUrl = URI.create(baseUrl);
        }

        /** Where those are who made the protocol. */
        URI baseUrl() {
            return baseUrl;
        }
    }

    /** Whether a connection carries more than one call. */
    public enum Connections {
        REUSE,
        /** One call each: what a provider sends too much can reach no other call. */
        FRESH
    }

    static final Setting<Kind> KIND = new Setting<>(
            "targets.NAME.kind", ValueType.choice(Kind.class), "provider.kind", "Protocol that it speaks.");
    static final Setting<URI> BASE_URL = new Setting<>(
            "targets.NAME.base_url",
            ValueType.httpUri(),
            "provider.base_url",
            "Where it is, with or without /v1. Of another kind than the provider: where the kind's makers are.");
    static final Setting<SecretRef> API_KEY = new Setting<>(
            "targets.NAME.api_key",
            Values.SECRET_REFERENCE,
            "provider.api_key",
            "Its key, by reference: {env: NAME} or {file: PATH}. The provider's key goes only to the provider's base_url.");
    static final Setting<String> MODEL = new Setting<>(
            "targets.NAME.model",
            ProviderConfig.MODEL.type(),
            "provider.model",
            "Model for requests that ask for auto or for a tier. Must be set where the kind is another than the provider's.");
    static final Setting<String> PRICE =
            new Setting<>("targets.NAME.price", ProviderConfig.MODEL.type(), "the model", "Entry of the price table.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "targets.NAME.timeout",
            ProviderConfig.TIMEOUT.type(),
            "the tier",
            "Longest that one attempt may take here. A request's attempt_timeout_ms wins over it, it over the tier.");
    static final Setting<Duration> MIN_TIMEOUT = new Setting<>(
            "targets.NAME.min_timeout",
            ProviderConfig.MIN_TIMEOUT.type(),
            "provider.min_timeout",
            "Least that attempt_timeout_ms can ask for.");
    static final Setting<Duration> MAX_TIMEOUT = new Setting<>(
            "targets.NAME.max_timeout",
            ProviderConfig.MAX_TIMEOUT.type(),
            "provider.max_timeout",
            "Most that attempt_timeout_ms can ask for.");
    static final Setting<Duration> CONNECT_TIMEOUT = new Setting<>(
            "targets.NAME.connect_timeout",
            ProviderConfig.CONNECT_TIMEOUT.type(),
            "provider.connect_timeout",
            "Longest that connecting may take.");
    static final Setting<Long> MAX_ANSWER_BYTES = new Setting<>(
            "targets.NAME.max_answer_bytes",
            ProviderConfig.MAX_ANSWER_BYTES.type(),
            "provider.max_answer_bytes",
            "Largest answer.");
    static final Setting<Integer> MAX_CONNECTIONS = new Setting<>(
            "targets.NAME.max_connections",
            ProviderConfig.MAX_CONNECTIONS.type(),
            "provider.max_connections",
            "Connections open at once. 0: as many as max_concurrency.");
    static final Setting<Integer> MAX_OUTPUT_TOKENS = new Setting<>(
            "targets.NAME.max_output_tokens",
            ProviderConfig.MAX_OUTPUT_TOKENS.type(),
            "provider.max_output_tokens",
            "Output cap for requests that set none.");
    static final Setting<Integer> RPM_LIMIT = new Setting<>(
            "targets.NAME.rpm_limit",
            ValueType.wholeNumber(0, 10_000_000),
            "0",
            "Requests a minute of the account. 0: no limit.");
    static final Setting<Long> TPM_LIMIT = new Setting<>(
            "targets.NAME.tpm_limit",
            ValueType.wholeNumber(0L, 1_000_000_000_000L),
            "0",
            "Tokens a minute of the account. 0: no limit.");
    static final Setting<Integer> MAX_CONCURRENCY = new Setting<>(
            "targets.NAME.max_concurrency",
            DispatchConfig.PERMITS.type(),
            "dispatch.permits",
            "Calls at once, per instance.");
    static final Setting<Integer> SHARE = new Setting<>(
            "targets.NAME.share",
            ValueType.wholeNumber(1, 100),
            "100",
            "Percent of rpm_limit and tpm_limit that this instance may use: 33 for each of three.");
    static final Setting<String> QUOTA = new Setting<>(
            "targets.NAME.quota",
            ValueType.text("1 to 64 of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._-]{1,64}"),
            "the target's name",
            "Account that it belongs to. Targets of one account share their limits; of those that they name, the lowest holds.");

    static final Setting<Long> CONTEXT_TOKENS = new Setting<>(
            "targets.NAME.context_tokens",
            ValueType.wholeNumber(0L, 1_000_000_000L),
            "0",
            "What its model takes, input and output together. Longer prompts are shortened. 0: prompts are not measured.");

    static final Setting<TokenCount> TOKENIZER = new Setting<>(
            "targets.NAME.tokenizer",
            BudgetsConfig.TOKENIZER.type(),
            "budgets.tokenizer",
            "How tokens of its model are counted. Of another kind than openai: utf8_bytes.");
    static final Setting<Connections> CONNECTIONS_PER_CALL = new Setting<>(
            "targets.NAME.connections.per_call",
            ProviderConfig.CONNECTIONS_PER_CALL.type(),
            "provider.connections.per_call",
            "Whether calls share connections, or each has a fresh one.");
    static final Setting<Map<String, Long>> TOKENS_OF_PART = new Setting<>(
            "targets.NAME.tokens_of_part",
            BudgetsConfig.TOKENS_OF_PART.type(),
            "budgets.tokens_of_part",
            "The most tokens of one content part that is no text.");

    /** The same somewhere else, where its key does not go. */
    TargetConfig at(URI elsewhere) {
        return new TargetConfig(
                name,
                kind,
                elsewhere,
                null,
                model,
                price,
                timeout,
                asked,
                connectTimeout,
                maxAnswerBytes,
                maxConnections,
                maxOutputTokens,
                rpmLimit,
                tpmLimit,
                maxConcurrency,
                share,
                quota,
                contextTokens,
                tokenizer,
                connections,
                tokensOfPart);
    }

    /** Requests a minute that this instance may make; 0 for no limit. */
    public long ownRpmLimit() {
        return shared(rpmLimit);
    }

    /** Tokens a minute that this instance may use; 0 for no limit. */
    public long ownTpmLimit() {
        return shared(tpmLimit);
    }

    /** A limit stays a limit, however small the share; none stays none. */
    private long shared(long limit) {
        return limit == 0 ? 0 : Math.max(1, limit * share / 100);
    }

    /** A field's value as it would be written; empty if it has none. */
    String shown(Setting<?> setting) {
        return switch (Section.field(setting)) {
            case "kind" -> kind.name().toLowerCase(Locale.ROOT);
            case "base_url" -> baseUrl.toString();
            case "api_key" -> apiKey == null ? "" : apiKey.yaml();
            case "model" -> model;
            case "price" -> price == null ? "" : price;
            case "timeout" -> timeout == null ? "" : DurationText.write(timeout);
            case "min_timeout" -> DurationText.write(asked.least());
            case "max_timeout" -> DurationText.write(asked.most());
            case "connect_timeout" -> DurationText.write(connectTimeout);
            case "max_answer_bytes" -> ByteSizeText.write(maxAnswerBytes);
            case "max_connections" -> Integer.toString(maxConnections);
            case "max_output_tokens" -> Integer.toString(maxOutputTokens);
            case "rpm_limit" -> Integer.toString(rpmLimit);
            case "tpm_limit" -> Long.toString(tpmLimit);
            case "max_concurrency" -> Integer.toString(maxConcurrency);
            case "share" -> Integer.toString(share);
            case "quota" -> quota;
            case "context_tokens" -> Long.toString(contextTokens);
            case "tokenizer" -> tokenizer.name().toLowerCase(Locale.ROOT);
            case "per_call" -> connections.name().toLowerCase(Locale.ROOT);
            case "tokens_of_part" ->
                new TreeMap<>(tokensOfPart)
                        .entrySet().stream()
                                .map(part -> part.getKey() + "=" + part.getValue())
                                .collect(Collectors.joining(","));
            default -> throw new IllegalArgumentException("setting: " + setting.key() + " (expected: one of a target)");
        };
    }

    static final Section SECTION = new Section(
            "targets",
            List.of(
                    KIND,
                    BASE_URL,
                    API_KEY,
                    MODEL,
                    PRICE,
                    TIMEOUT,
                    MIN_TIMEOUT,
                    MAX_TIMEOUT,
                    CONNECT_TIMEOUT,
                    MAX_ANSWER_BYTES,
                    MAX_CONNECTIONS,
                    MAX_OUTPUT_TOKENS,
                    RPM_LIMIT,
                    TPM_LIMIT,
                    MAX_CONCURRENCY,
                    SHARE,
                    QUOTA,
                    CONTEXT_TOKENS,
                    TOKENIZER,
                    CONNECTIONS_PER_CALL,
                    TOKENS_OF_PART));
}
