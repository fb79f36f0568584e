package dev.penstock.cli;

/** A command could not do what it was asked. The message is for the user: one line for each problem. */
final class CommandFailure extends Exception {

    static final int FAILED = 1;
    static final int USAGE = 2;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** It was tried and did not work. */
    static CommandFailure failed(String message) {
        return new CommandFailure(message, FAILED);
    }

    /** What was asked for makes no sense. */
    static CommandFailure usage(String message) {
        return new CommandFailure(message, USAGE);
    }

    /** The code that a process ends with that failed like that. */
    static int exitCodeOf(Exception failure) {
        return failure instanceof CommandFailure known ? known.exitCode() : FAILED;
    }

    int exitCode() {
        return exitCode;
    }
}
