package dev.penstock.provider.openai;

import dev.penstock.provider.ErrorClassifier;
import dev.penstock.provider.http.ErrorWords;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Error bodies of servers that speak OpenAI's language. They differ: {@code error} is an object, or a string, or its members stand at the top. */
final class OpenAiErrors {

    /** How a 429 begins whose code is that of any other: the request alone is more than the account is given in a minute. */
    private static final String TOO_LARGE = "request too large for ";

    /** How a 402 begins that a smaller output cap would not have met. */
    private static final String FEWER_TOKENS = "this request requires more credits, or fewer max_tokens";

    private OpenAiErrors() {}

    static ErrorWords words(JsonNode body) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String message = error.path("message").asString("").toLowerCase(Locale.ROOT);
        return new ErrorWords(
                code(error, message), error.path("type").asString(""), message.contains("maximum context length"));
    }

    private static String code(JsonNode error, String message) {
        if (message.startsWith(TOO_LARGE) || message.startsWith(FEWER_TOKENS)) {
            return ErrorClassifier.REQUEST_TOO_LARGE;
        }
        return isModerated(error.path("metadata"))
                ? ErrorClassifier.CONTENT_MODERATION
                : error.path("code").asString("");
    }

    /** OpenRouter has no code for that, but says what for, and quotes from the prompt. */
    private static boolean isModerated(JsonNode metadata) {
        return metadata.path("reasons").isArray()
                || metadata.path("flagged_input").isString();
    }
}
