package dev.penstock.provider.http;

import java.io.InterruptedIOException;

/**
 * Whether any of a request's body may have left: as long as it has not, nothing can have been billed. Nothing leaves once the
 * time of the call is up: a process that was paused in the middle of a call must not send it when it comes back, for
 * another one may have made it since.
 */
final class SentFlag {

    private final long notAfterNanos;
    private volatile boolean possiblySent;

    /** @param notAfterNanos on the clock of {@link System#nanoTime()}, which goes on while a process is paused */
    SentFlag(long notAfterNanos) {
        this.notAfterNanos = notAfterNanos;
    }

    /**
     * The next thing is to write.
     *
     * @throws InterruptedIOException if it is too late for that
     */
    void raise() throws InterruptedIOException {
        if (isTooLate()) {
            throw new InterruptedIOException("the time of the call is up before it was sent");
        }
        possiblySent = true;
    }

    boolean isTooLate() {
        return System.nanoTime() - notAfterNanos > 0;
    }

    boolean possiblySent() {
        return possiblySent;
    }
}
