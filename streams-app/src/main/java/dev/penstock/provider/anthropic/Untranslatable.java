package dev.penstock.provider.anthropic;

/**
 * Unwinds the translation of a request to the dialect, which turns it into a value; it never leaves this package. It has no
 * stack trace.
 */
final class Untranslatable extends Exception {

    private static final long serialVersionUID = 1L;

    private final String detail;

    /**
     * @param path of the field, {@code body.messages[0].content}
     * @param found what it is, without any text of the request
     * @param rule what would do
     */
    Untranslatable(String path, String found, String rule) {
        super(null, null, false, false);
        this.detail = path + ": " + found + " (expected: " + rule + ")";
    }

    String detail() {
        return detail;
    }
}
