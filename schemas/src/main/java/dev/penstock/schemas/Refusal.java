package dev.penstock.schemas;

/**
 * Unwinds a reader to the codec's boundary, which turns it into a value; it never leaves this package. It has no stack
 * trace, so a flood of hostile records costs no more than a flood of good ones.
 */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final DeadLetterCode code;
    private final String detail;

    Refusal(DeadLetterCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
        this.detail = detail;
    }

    DeadLetterCode code() {
        return code;
    }

    String detail() {
        return detail;
    }
}
