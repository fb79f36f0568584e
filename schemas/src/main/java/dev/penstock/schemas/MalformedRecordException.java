package dev.penstock.schemas;

/** Bytes that are no such record; the message names the field and its rule, never the content. */
public final class MalformedRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }
}
