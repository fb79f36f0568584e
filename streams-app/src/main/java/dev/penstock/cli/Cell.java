package dev.penstock.cli;

/** Text from outside, made fit for a terminal: one line, no control or direction characters, bounded. */
final class Cell {

    private static final char CUT = '\u2026';

    private Cell() {}

    /** At most {@code width} characters. */
    static String escaped(String text, int width) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length() && safe.length() <= width; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isUnsafe(c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        }
        if (safe.length() <= width) {
            return safe.toString();
        }
        int end = Character.isHighSurrogate(safe.charAt(width - 2)) ? width - 2 : width - 1;
        return safe.substring(0, end) + CUT;
    }

    /** The first characters as they are, where the rest would be too much. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
        return text.substring(0, end) + CUT;
    }

    /** Exactly {@code width} characters. */
    static String padded(String text, int width) {
        String safe = escaped(text, width);
        return safe + " ".repeat(Math.max(0, width - safe.length()));
    }

    /** Whether a terminal might obey it, or show something else in its place. */
    static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
