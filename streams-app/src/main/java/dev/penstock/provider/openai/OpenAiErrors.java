package dev.penstock.provider.openai;

import dev.penstock.provider.ErrorClassifier;
import dev.penstock.provider.http.ErrorWords;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Error bodies of servers that speak OpenAI's language. They differ: {@code error} is an object, or a string, or its members stand at the top. */
final class OpenAiErrors {

    /** How a 429 begins whose code is that of any other: the request alone is more than the account is given in a minute. */
    private static final String TOO_LARGE = "request too large for ";

    private OpenAiErrors() {}

    static ErrorWords words(JsonNode body) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String message = error.path("message").asString("").toLowerCase(Locale.ROOT);
        return new ErrorWords(
                message.startsWith(TOO_LARGE)
                        ? ErrorClassifier.REQUEST_TOO_LARGE
                        : error.path("code").asString(""),
                error.path("type").asString(""),
                message.contains("maximum context length"));
    }
}
