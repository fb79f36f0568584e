package dev.penstock.fake;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bodies of a 200 that are no answer. {@code LIST} stands for the array that an answer has, {@code USAGE} for its usage. */
public enum GarbageBody {
    HTML("<html><body>Bad gateway, try later</body></html>"),
    ARRAY("[1,2,3]"),
    STRING("\"done\""),
    NO_CHOICES("{\"id\":\"x\",\"usage\":USAGE}"),
    TRUNCATED("{\"id\":\"x\",\"LIST\":[{\"index\":0,\"mess"),
    DUPLICATE("{\"LIST\":[{\"index\":0}],\"LIST\":[],\"usage\":USAGE}"),
    TRAILING("{\"LIST\":[{\"index\":0}]} and more"),
    DEEP("{\"LIST\":[" + "[".repeat(50_000)),
    LONG_NUMBER("{\"LIST\":[{\"index\":" + "9".repeat(50_000) + "}]}");

    private final String text;

    GarbageBody(String text) {
        this.text = text;
    }

    byte[] bytes(Api api) {
        return text.replace("LIST", api.answerField())
                .replace("USAGE", api.usage(7, 3).toString())
                .getBytes(StandardCharsets.UTF_8);
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
