package dev.penstock.fake;

/** Ends a connection where it is, without a proper end of an answer. */
final class BrokenOffException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenOffException(String why) {
        super(why, null, false, false);
    }
}
