package dev.penstock.provider.openai;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The part of an error body that decides its class. Nothing of it is shown to anyone: the provider may quote the prompt.
 *
 * @param complete the body was read to its end
 */
record ErrorBody(String code, String type, boolean speaksOfContextLength, boolean complete) {

    static final ErrorBody UNREADABLE = new ErrorBody("", "", false, false);

    /** Servers differ: {@code error} is an object, or a string, or its members stand at the top. */
    static ErrorBody of(JsonNode body, boolean complete) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String message = error.path("message").asString("").toLowerCase(Locale.ROOT);
        return new ErrorBody(
                error.path("code").asString(""),
                error.path("type").asString(""),
                message.contains("maximum context length"),
                complete);
    }
}
