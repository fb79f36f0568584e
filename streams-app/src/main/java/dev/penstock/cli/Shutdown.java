package dev.penstock.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into an orderly end with an exit code of our own. (A JVM that is ended by a signal exits with 143, which a supervisor takes
 * for a failure.) The main thread waits for a {@link #request}, cleans up and calls {@link #finished}.
 */
final class Shutdown {

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    private final long patienceSeconds;
    private volatile int exitCode = CommandFailure.FAILED;

    private Shutdown(long patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
    }

    /** @param patienceSeconds how long cleaning up may take before the process ends without it */
    static Shutdown onSignal(long patienceSeconds) {
        Shutdown shutdown = new Shutdown(patienceSeconds);
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::signalled, "shutdown"));
        return shutdown;
    }

    /** Asks the main thread to clean up. */
    void request() {
        requested.countDown();
    }

    /** Returns on a signal, or on {@link #request}. */
    void await() throws InterruptedException {
        requested.await();
    }

    /** Whether the end was asked for. */
    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Everything is closed: the process may end with this code. */
    int finished(int code) {
        exitCode = code;
        cleanedUp.countDown();
        return code;
    }

    private void signalled() {
        if (cleanedUp.getCount() == 0) {
            return;
        }
        requested.countDown();
        try {
            if (!cleanedUp.await(patienceSeconds, TimeUnit.SECONDS)) {
                System.err.println("penstock: did not end within " + patienceSeconds + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
