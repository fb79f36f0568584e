package dev.penstock.provider.anthropic;

import dev.penstock.provider.http.ErrorWords;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Anthropic's error bodies. Their types hardly say more than the status, so four things are known by how the message begins.
 * Only its beginning counts: further on it may quote the prompt.
 */
final class MessagesErrors {

    private static final String CONTEXT_LENGTH = "prompt_too_long";
    private static final String SPEND = "credit_balance_too_low";

    private static final Map<String, String> OPENINGS = Map.of(
            "your credit balance is too low", SPEND,
            "you have reached your specified api usage limits", "spend_limit_reached",
            "output blocked by content filtering policy", "content_filter",
            "prompt is too long", CONTEXT_LENGTH,
            "input length and `max_tokens` exceed context limit", CONTEXT_LENGTH);

    private static final int LONGEST_OPENING = 64;

    private MessagesErrors() {}

    static ErrorWords words(JsonNode body) {
        JsonNode error = body.path("error");
        String type = error.path("type").asString("");
        String code = type.equals("billing_error") ? SPEND : code(error);
        return new ErrorWords(code, type, code.equals(CONTEXT_LENGTH));
    }

    private static String code(JsonNode error) {
        String message = error.path("message").asString("");
        String opening = message.substring(0, Math.min(message.length(), LONGEST_OPENING))
                .toLowerCase(Locale.ROOT);
        return OPENINGS.entrySet().stream()
                .filter(known -> opening.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(error.path("details").path("error_code").asString(""));
    }
}
