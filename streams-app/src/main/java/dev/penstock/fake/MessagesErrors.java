package dev.penstock.fake;

import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's error bodies. A code picks one of its well-known messages, as there is no field for codes. */
final class MessagesErrors {

    static final String NO_CREDIT = "credit_balance_too_low";

    private static final Map<Integer, String> TYPES = Map.of(
            401, "authentication_error",
            402, "billing_error",
            403, "permission_error",
            404, "not_found_error",
            409, "conflict_error",
            413, "request_too_large",
            429, "rate_limit_error",
            504, "timeout_error",
            529, "overloaded_error");

    private static final String TOO_LONG = "prompt is too long: 250000 tokens > 200000 maximum";

    private static final Map<String, String> MESSAGES = Map.of(
            NO_CREDIT,
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or"
                    + " purchase credits.",
            "prompt_too_long",
            TOO_LONG,
            "context_length_exceeded",
            TOO_LONG,
            "content_filter",
            "Output blocked by content filtering policy");

    private MessagesErrors() {}

    static ObjectNode body(Fault.Refuse refusal, String requestId) {
        String code = Objects.requireNonNullElse(refusal.code(), "");
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
        body.putObject("error")
                .put("type", TYPES.getOrDefault(refusal.status(), otherType(refusal.status())))
                .put("message", MESSAGES.getOrDefault(code, "The fake provider was told to refuse this call."));
        return body.put("request_id", requestId);
    }

    private static String otherType(int status) {
        return status >= 500 ? "api_error" : "invalid_request_error";
    }
}
