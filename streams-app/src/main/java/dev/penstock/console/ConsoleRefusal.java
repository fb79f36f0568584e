package dev.penstock.console;

/** The console does not do what was asked. The message is one line for the user. */
public final class ConsoleRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status of HTTP */
    public ConsoleRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
