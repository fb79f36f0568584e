package dev.penstock.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A call on its thread. It can be cut short while it waits for the provider, but not while its outcome is written: an
 * answer that was paid for must not be lost to an interrupt.
 */
final class RunningCall {

    private @Nullable Thread caller;
    private boolean cut;

    /** The current thread is about to call. */
    synchronized void begins() {
        caller = Thread.currentThread();
        if (cut) {
            caller.interrupt();
        }
    }

    /** The current thread has its outcome; no interrupt is left over from the call. */
    @SuppressWarnings("ReturnValueIgnored") // read to clear it
    synchronized void ended() {
        caller = null;
        Thread.interrupted();
    }

    /** Ends the call, now or as soon as it begins. */
    synchronized void cut() {
        cut = true;
        if (caller != null) {
            caller.interrupt();
        }
    }
}
