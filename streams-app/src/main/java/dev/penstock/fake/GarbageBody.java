package dev.penstock.fake;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bodies of a 200 that are no chat completion. */
public enum GarbageBody {
    HTML("<html><body>Bad gateway, try later</body></html>"),
    ARRAY("[1,2,3]"),
    STRING("\"done\""),
    NO_CHOICES("{\"id\":\"x\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}"),
    TRUNCATED("{\"id\":\"x\",\"choices\":[{\"index\":0,\"mess"),
    DUPLICATE("{\"choices\":[{\"index\":0}],\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}"),
    TRAILING("{\"choices\":[{\"index\":0}]} and more"),
    DEEP("{\"choices\":[" + "[".repeat(50_000)),
    LONG_NUMBER("{\"choices\":[{\"index\":" + "9".repeat(50_000) + "}]}");

    private final String text;

    GarbageBody(String text) {
        this.text = text;
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As scripts and directives name it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static GarbageBody named(String name) {
        for (GarbageBody body : values()) {
            if (body.wireName().equals(name)) {
                return body;
            }
        }
        throw new ScriptException(
                "garbage",
                name,
                "one of html, array, string, no_choices, truncated, duplicate, trailing," + " deep, long_number");
    }
}
