package dev.penstock.advisories;

/** A list that cannot be read as what it should be. The message names the place. */
final class MalformedListException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedListException(String message) {
        super(message);
    }
}
