package dev.penstock.cli;

/** Options that are whole numbers within bounds. */
final class WholeNumber {

    private static final int HIGHEST_PORT = 65_535;

    private WholeNumber() {}

    static void check(String option, int value, int least, int most) throws CommandFailure {
        if (value < least || value > most) {
            throw CommandFailure.usage(option + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    /** A port to listen on; 0 stands for any free one. */
    static void checkPort(String option, int value) throws CommandFailure {
        check(option, value, 0, HIGHEST_PORT);
    }
}
