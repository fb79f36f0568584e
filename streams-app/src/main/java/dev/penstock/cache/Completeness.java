package dev.penstock.cache;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Whether an answer is whole, and so may be given to others later. */
enum Completeness {
    COMPLETE,
    /** Any status but 200, or an error in the body. */
    NOT_A_SUCCESS,
    NO_CHOICES,
    /** A choice that ended for another reason than being done: length, content_filter, none, or one we do not know. */
    UNFINISHED,
    /** A choice that says nothing, or says why it does not answer. */
    NO_CONTENT;

    /** A list of what is whole, not of what is cut: a reason that a vendor invents tomorrow is not kept for a day. */
    private static final Set<String> DONE = Set.of("stop", "tool_calls", "function_call");

    private static final int OK = 200;

    static Completeness of(int statusCode, JsonNode body) {
        if (statusCode != OK || body.hasNonNull("error")) {
            return NOT_A_SUCCESS;
        }
        JsonNode choices = body.path("choices");
        if (!choices.isArray() || choices.isEmpty()) {
            return NO_CHOICES;
        }
        for (JsonNode choice : choices) {
            if (!DONE.contains(choice.path("finish_reason").asString(""))) {
                return UNFINISHED;
            }
            if (!hasContent(choice.path("message"))) {
                return NO_CONTENT;
            }
        }
        return COMPLETE;
    }

    private static boolean hasContent(JsonNode message) {
        return !message.hasNonNull("refusal")
                && (saysSomething(message.path("content"))
                        || !message.path("tool_calls").isEmpty()
                        || message.path("function_call").isObject()
                        || message.path("audio").isObject());
    }

    private static boolean saysSomething(JsonNode content) {
        return content.isString() ? !content.stringValue().isBlank() : content.isArray() && !content.isEmpty();
    }
}
