package dev.penstock;

/** The instance cannot start; the message tells an operator why, in one line, without a secret. */
public final class StartupException extends Exception {

    private static final long serialVersionUID = 1L;

    public StartupException(String message) {
        super(message);
    }
}
