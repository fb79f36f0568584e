package dev.penstock.provider;

/** A key that must not be printed. Has no equals of its own, so that it cannot be guessed through collections either. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * @param value visible ASCII, as a header takes it
     * @throws IllegalArgumentException for any other character; the message does not hold the value
     */
    public static Secret of(String value) {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "secret: empty, or with blanks, line ends or other characters that are not"
                            + " visible ASCII (expected: one line of visible ASCII)");
        }
        return new Secret(value);
    }

    /** The value itself, for the one place that sends it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "****";
    }
}
