package dev.penstock.console;

/** The console cannot listen. The message is one line for the user. */
public final class ConsoleStartException extends Exception {

    private static final long serialVersionUID = 1L;

    ConsoleStartException(String message) {
        super(message);
    }
}
