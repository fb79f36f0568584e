package dev.penstock.provider.openai;

import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.http.Dialect;
import dev.penstock.provider.http.ErrorWords;
import dev.penstock.provider.http.HttpSettings;
import dev.penstock.provider.http.Reading;
import dev.penstock.provider.http.Written;
import dev.penstock.schemas.TokenUsage;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions: the body of a call is sent as it stands, and an answer is handed on as it came. */
final class OpenAiDialect implements Dialect {

    private static final String VERSION_PREFIX = "/v1/";

    private final String base;
    private final boolean basePathStandsForVersion;
    private final Map<String, String> headers;

    OpenAiDialect(HttpSettings settings) {
        this.base = settings.base();
        this.basePathStandsForVersion = settings.baseUrl().getRawPath() != null
                && settings.baseUrl().getRawPath().length() > 1;
        this.headers = settings.apiKey() == null
                ? Map.of()
                : Map.of("Authorization", "Bearer " + settings.apiKey().reveal());
    }

    @Override
    public Written write(ProviderCall call) {
        return new Written.Message(uri(call.url()), headers, call.body());
    }

    private URI uri(String url) {
        boolean shorten = basePathStandsForVersion && url.startsWith(VERSION_PREFIX);
        return URI.create(base + (shorten ? url.substring(VERSION_PREFIX.length() - 1) : url));
    }

    @Override
    public Reading read(ObjectNode body) {
        TokenUsage usage = usage(body.path("usage")).orElse(null);
        boolean answers =
                body.path("choices").isArray() && !body.path("choices").isEmpty();
        return answers
                ? new Reading.Completion(body, usage)
                : new Reading.Unusable("a JSON object without choices", usage);
    }

    @Override
    public Optional<TokenUsage> usage(JsonNode usage) {
        return TokenUsage.fromOpenAi(usage);
    }

    @Override
    public ErrorWords error(ObjectNode body) {
        return OpenAiErrors.words(body);
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
