package dev.penstock.embedded;

/** The embedded broker did not start. The message is one line for the user. */
public final class BrokerStartException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokerStartException(String message) {
        super(message);
    }

    BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
