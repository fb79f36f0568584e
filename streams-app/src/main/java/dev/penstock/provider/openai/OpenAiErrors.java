package dev.penstock.provider.openai;

import dev.penstock.provider.http.ErrorWords;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Error bodies of servers that speak OpenAI's language. They differ: {@code error} is an object, or a string, or its members stand at the top. */
final class OpenAiErrors {

    private OpenAiErrors() {}

    static ErrorWords words(JsonNode body) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String message = error.path("message").asString("").toLowerCase(Locale.ROOT);
        return new ErrorWords(
                error.path("code").asString(""),
                error.path("type").asString(""),
                message.contains("maximum context length"));
    }
}
