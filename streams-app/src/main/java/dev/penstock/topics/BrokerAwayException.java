package dev.penstock.topics;

/** No broker answered in time. The message is one line for a person. */
public final class BrokerAwayException extends Exception {

    private static final long serialVersionUID = 1L;

    public BrokerAwayException(String message) {
        super(message);
    }
}
