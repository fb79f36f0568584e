package dev.penstock.cli;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON in one line that a terminal can show: what it might obey is escaped, which is the same text to a parser. */
final class JsonLine {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonLine() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String of(ObjectNode object) {
        return safe(JSON.writeValueAsString(object));
    }

    /** A record as it stands, but that line ends and tabs, which only stand between its parts, are blanks. */
    static String of(byte[] json) {
        return safe(new String(json, StandardCharsets.UTF_8)
                .replace('\n', ' ')
                .replace('\r', ' ')
                .replace('\t', ' '));
    }

    private static String safe(String json) {
        StringBuilder safe = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); ) {
            int c = json.codePointAt(i);
            i += Character.charCount(c);
            if (Cell.isUnsafe(c)) {
                for (char half : Character.toChars(c)) {
                    safe.append(String.format("\\u%04x", (int) half));
                }
            } else {
                safe.appendCodePoint(c);
            }
        }
        return safe.toString();
    }
}
