package dev.penstock.config;

/** A value inside an error message: on one line, bounded, and visible when empty. */
final class Excerpt {

    private static final int MAX_CHARS = 80;

    private Excerpt() {}

    static String of(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(c -> {
            if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.length() > MAX_CHARS ? shown + "..." : shown.toString();
    }
}
