package dev.penstock.provider.anthropic;

import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.http.Dialect;
import dev.penstock.provider.http.ErrorWords;
import dev.penstock.provider.http.HttpSettings;
import dev.penstock.provider.http.Reading;
import dev.penstock.provider.http.Written;
import dev.penstock.schemas.TokenUsage;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages API, in the version that knows a temperature; the newer one, 2026-10-21, has none. */
final class MessagesDialect implements Dialect {

    static final String VERSION = "2023-06-01";

    private static final String CHAT_COMPLETIONS = "/v1/chat/completions";

    private final URI uri;
    private final Map<String, String> headers;
    private final MessagesRequest requests;
    private final InstantSource clock;

    MessagesDialect(AnthropicSettings settings, InstantSource clock) {
        this.uri = uri(settings.http());
        this.headers = headers(settings.http());
        this.requests = new MessagesRequest(settings.maxOutputTokens());
        this.clock = clock;
    }

    /** The path stands behind the base URL as in Anthropic's SDKs; a base URL that has its version already keeps one. */
    private static URI uri(HttpSettings settings) {
        String base = settings.base();
        return URI.create(base + (base.endsWith("/v1") ? "/messages" : "/v1/messages"));
    }

    private static Map<String, String> headers(HttpSettings settings) {
        return settings.apiKey() == null
                ? Map.of("anthropic-version", VERSION)
                : Map.of(
                        "anthropic-version",
                        VERSION,
                        "x-api-key",
                        settings.apiKey().reveal());
    }

    @Override
    public Written write(ProviderCall call) {
        if (!call.url().equals(CHAT_COMPLETIONS)) {
            return new Written.Untranslatable("url: another one (expected: " + CHAT_COMPLETIONS + ")");
        }
        try {
            return new Written.Message(uri, headers, requests.of(call.body()));
        } catch (Untranslatable untranslatable) {
            return new Written.Untranslatable(untranslatable.detail());
        }
    }

    @Override
    public Reading read(ObjectNode body) {
        return MessagesAnswer.read(body, clock.instant());
    }

    @Override
    public Optional<TokenUsage> usage(JsonNode usage) {
        return MessagesUsage.of(usage).map(MessagesUsage::tokens);
    }

    @Override
    public ErrorWords error(ObjectNode body) {
        return MessagesErrors.words(body);
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }
}
