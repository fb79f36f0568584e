package dev.penstock.deadletters;

/** Another replay has begun on the same topics. It knows what this one committed, so nothing is lost or doubled. */
public final class ReplayTakenOverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReplayTakenOverException() {
        super("another replay took over (expected: one at a time)");
    }
}
