package dev.penstock.fake;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's error bodies. */
final class ChatErrors {

    private static final Map<Integer, String> CODES = Map.of(
            400, "invalid_request",
            401, "invalid_api_key",
            403, "forbidden",
            404, "model_not_found",
            429, "rate_limit_exceeded");

    private ChatErrors() {}

    static ObjectNode body(Fault.Refuse refusal) {
        String code = refusal.code() == null ? CODES.get(refusal.status()) : refusal.code();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", "The fake provider was told to refuse this call.")
                .put("type", type(refusal.status(), code))
                .putNull("param")
                .put("code", code);
        return body;
    }

    private static String type(int status, @Nullable String code) {
        if ("insufficient_quota".equals(code)) {
            return "insufficient_quota";
        }
        return status == 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error";
    }
}
