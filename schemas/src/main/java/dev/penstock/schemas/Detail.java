package dev.penstock.schemas;

import java.nio.charset.StandardCharsets;

/** The short text that tells people why: one line, printable, at most {@value #MAX_BYTES} bytes of UTF-8. */
public final class Detail {

    public static final int MAX_BYTES = 256;

    private Detail() {}

    /** Escapes control characters and half surrogate pairs, and cuts what is too long between two characters. */
    public static String of(String text) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), MAX_BYTES));
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            String shown = isPrintable(codePoint) ? Character.toString(codePoint) : "\\u%04x".formatted(codePoint);
            bytes += shown.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                break;
            }
            kept.append(shown);
            i += Character.charCount(codePoint);
        }
        return kept.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
