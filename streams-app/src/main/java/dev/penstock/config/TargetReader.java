package dev.penstock.config;

import static dev.penstock.config.TargetConfig.API_KEY;
import static dev.penstock.config.TargetConfig.BASE_URL;
import static dev.penstock.config.TargetConfig.CONNECTIONS_PER_CALL;
import static dev.penstock.config.TargetConfig.CONNECT_TIMEOUT;
import static dev.penstock.config.TargetConfig.CONTEXT_TOKENS;
import static dev.penstock.config.TargetConfig.KIND;
import static dev.penstock.config.TargetConfig.MAX_ANSWER_BYTES;
import static dev.penstock.config.TargetConfig.MAX_CONCURRENCY;
import static dev.penstock.config.TargetConfig.MAX_CONNECTIONS;
import static dev.penstock.config.TargetConfig.MAX_OUTPUT_TOKENS;
import static dev.penstock.config.TargetConfig.MAX_TIMEOUT;
import static dev.penstock.config.TargetConfig.MIN_TIMEOUT;
import static dev.penstock.config.TargetConfig.MODEL;
import static dev.penstock.config.TargetConfig.PRICE;
import static dev.penstock.config.TargetConfig.QUOTA;
import static dev.penstock.config.TargetConfig.RPM_LIMIT;
import static dev.penstock.config.TargetConfig.SHARE;
import static dev.penstock.config.TargetConfig.TIMEOUT;
import static dev.penstock.config.TargetConfig.TOKENIZER;
import static dev.penstock.config.TargetConfig.TOKENS_OF_PART;
import static dev.penstock.config.TargetConfig.TPM_LIMIT;

import dev.penstock.config.BudgetsConfig.TokenCount;
import dev.penstock.config.TargetConfig.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the targets: those that are named, with the provider's keys for defaults, or else the provider itself. */
final class TargetReader {

    private static final int WHOLE = 100;

    private final Values values;
    private final ProviderConfig provider;
    private final DispatchConfig dispatch;
    private final TokenCount tokenizer;
    private final Map<String, Long> tokensOfPart;

    TargetReader(Values values, ProviderConfig provider, DispatchConfig dispatch) {
        this.values = values;
        this.provider = provider;
        this.dispatch = dispatch;
        this.tokenizer = values.get(BudgetsConfig.TOKENIZER);
        this.tokensOfPart = values.find(BudgetsConfig.TOKENS_OF_PART).orElse(Map.of());
    }

    /** In the order in which they are named; never empty. */
    List<TargetConfig> read() {
        Set<String> names = values.names().of(TargetConfig.SECTION);
        List<TargetConfig> targets = names.isEmpty()
                ? List.of(theProvider())
                : names.stream().map(this::target).toList();
        targets.forEach(this::checkKey);
        return targets;
    }

    /** Of every target, as a request that names a model may go to one that is in no chain. */
    private void checkKey(TargetConfig target) {
        Setting<SecretRef> own = API_KEY.of(target.name());
        values.checkSecret(values.isGiven(own) ? own : ProviderConfig.API_KEY, target.apiKey());
    }

    private TargetConfig theProvider() {
        return new TargetConfig(
                provider.name(),
                provider.kind(),
                provider.baseUrl(),
                provider.apiKey(),
                providersModel(),
                null,
                null,
                provider.asked(),
                provider.connectTimeout(),
                provider.maxAnswerBytes(),
                provider.maxConnections(),
                provider.maxOutputTokens(),
                0,
                0,
                dispatch.permits(),
                WHOLE,
                provider.name(),
                0,
                tokenizer(provider.kind()),
                provider.connections(),
                tokensOfPart);
    }

    private TargetConfig target(String name) {
        Kind kind = values.find(KIND.of(name)).orElse(provider.kind());
        URI baseUrl = values.find(BASE_URL.of(name)).orElseGet(() -> baseUrl(kind));
        int maxConcurrency = values.find(MAX_CONCURRENCY.of(name)).orElse(dispatch.permits());
        TargetConfig target = new TargetConfig(
                name,
                kind,
                baseUrl,
                apiKey(name, baseUrl),
                values.find(MODEL.of(name)).orElseGet(() -> model(name, kind)),
                values.find(PRICE.of(name)).orElse(null),
                values.find(TIMEOUT.of(name)).orElse(null),
                asked(name),
                values.find(CONNECT_TIMEOUT.of(name)).orElse(provider.connectTimeout()),
                values.find(MAX_ANSWER_BYTES.of(name)).map(Math::toIntExact).orElse(provider.maxAnswerBytes()),
                maxConnections(name, maxConcurrency),
                values.find(MAX_OUTPUT_TOKENS.of(name)).orElse(provider.maxOutputTokens()),
                values.find(RPM_LIMIT.of(name)).orElse(0),
                values.find(TPM_LIMIT.of(name)).orElse(0L),
                maxConcurrency,
                values.find(SHARE.of(name)).orElse(WHOLE),
                values.find(QUOTA.of(name)).orElse(name),
                values.find(CONTEXT_TOKENS.of(name)).orElse(0L),
                values.find(TOKENIZER.of(name)).orElseGet(() -> tokenizer(kind)),
                values.find(CONNECTIONS_PER_CALL.of(name)).orElse(provider.connections()),
                values.find(TOKENS_OF_PART.of(name)).orElse(tokensOfPart));
        checkTimeouts(target);
        return target;
    }

    private TimeoutRange asked(String name) {
        Setting<Duration> min = MIN_TIMEOUT.of(name);
        Setting<Duration> max = MAX_TIMEOUT.of(name);
        Duration least = values.find(min).orElse(provider.asked().least());
        Duration most = values.find(max).orElse(provider.asked().most());
        boolean inOrder = least.compareTo(most) <= 0;
        if (values.isGiven(min)) {
            values.expect(min, inOrder, "at most " + max.key() + ", " + DurationText.write(most));
        } else if (values.isGiven(max)) {
            values.expect(max, inOrder, "at least " + min.key() + ", " + DurationText.write(least));
        }
        return new TimeoutRange(least, most);
    }

    /** The default is for models of the kind that it was made for. */
    private TokenCount tokenizer(Kind kind) {
        return kind == Kind.OPENAI ? tokenizer : TokenCount.UTF8_BYTES;
    }

    private URI baseUrl(Kind kind) {
        return kind == provider.kind() ? provider.baseUrl() : kind.baseUrl();
    }

    /** The provider's key is not shown to anybody but the provider. */
    private @Nullable SecretRef apiKey(String name, URI baseUrl) {
        Setting<SecretRef> own = API_KEY.of(name);
        if (values.isGiven(own)) {
            return values.secret(own).orElse(null);
        }
        return baseUrl.equals(provider.baseUrl()) ? provider.apiKey() : null;
    }

    private String model(String name, Kind kind) {
        if (kind == provider.kind()) {
            return providersModel();
        }
        if (!values.isGiven(MODEL.of(name))) {
            String others = provider.kind().name().toLowerCase(Locale.ROOT);
            values.missing(TargetConfig.SECTION, MODEL.of(name), "a model; provider.model is of kind " + others);
        }
        return provider.model();
    }

    private String providersModel() {
        values.expect(
                ProviderConfig.MODEL,
                provider.kind() == Kind.OPENAI || values.isGiven(ProviderConfig.MODEL),
                "to be set, as provider.kind is not openai");
        return provider.model();
    }

    private int maxConnections(String name, int maxConcurrency) {
        int given = values.find(MAX_CONNECTIONS.of(name)).orElseGet(() -> values.get(ProviderConfig.MAX_CONNECTIONS));
        return given == 0 ? maxConcurrency : given;
    }

    private void checkTimeouts(TargetConfig target) {
        Setting<Duration> setting = CONNECT_TIMEOUT.of(target.name());
        Duration timeout = target.timeout();
        if (timeout != null && values.isGiven(setting)) {
            values.expect(
                    setting,
                    target.connectTimeout().compareTo(timeout) <= 0,
                    "at most " + TIMEOUT.of(target.name()).key() + ", " + DurationText.write(timeout));
        }
    }
}
