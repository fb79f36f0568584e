package dev.penstock.cli;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An object as one line of JSON that a terminal can show: what it might obey is escaped, which is the same text to a parser. */
final class JsonLine {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonLine() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String of(ObjectNode object) {
        String json = JSON.writeValueAsString(object);
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
