package dev.penstock.guarantees;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Key, value and headers of a record, as text; bytes that are not UTF-8 are replaced. Headers: the last of a name wins.
 *
 * @param key null where there is none
 * @param value empty where there is none
 */
public record Message(@Nullable String key, String value, Map<String, String> headers) {
    public Message {
        headers = Map.copyOf(headers);
    }

    /** A record's bytes, as text. */
    public static Message of(byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers) {
        return new Message(
                key == null ? null : new String(key, StandardCharsets.UTF_8),
                value == null ? "" : new String(value, StandardCharsets.UTF_8),
                headers);
    }

    /** Leaves the contents out: they hold prompts. */
    @Override
    public String toString() {
        return "Message[" + value.length() + " characters]";
    }
}
