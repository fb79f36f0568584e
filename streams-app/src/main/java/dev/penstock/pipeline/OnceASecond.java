package dev.penstock.pipeline;

import java.time.Duration;

/** Does something once a second, on a virtual thread, until it is closed. */
final class OnceASecond implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Runnable action;
    private final Thread thread;

    /** @param name of the thread */
    OnceASecond(String name, Runnable action) {
        this.action = action;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::repeat);
    }

    /** The first time is a second from now. */
    void start() {
        thread.start();
    }

    private void repeat() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PERIOD);
                action.run();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
