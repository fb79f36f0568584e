package dev.penstock.provider;

import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls to make in tests. */
public final class Calls {

    public static final Duration LONG = Duration.ofSeconds(30);
    public static final Duration SHORT = Duration.ofMillis(300);
    public static final String MODEL = "test-model";

    private static final JsonMapper MAPPER = new JsonMapper();

    private Calls() {}

    public static ProviderCall call(String prompt) {
        return call(prompt, LONG);
    }

    public static ProviderCall call(String prompt, Duration timeout) {
        return new ProviderCall("key-1", "/v1/chat/completions", body(prompt), timeout, null);
    }

    public static ObjectNode body(String prompt) {
        ObjectNode body = MAPPER.createObjectNode().put("model", MODEL);
        body.putArray("messages").addObject().put("role", "user").put("content", prompt);
        return body;
    }
}
