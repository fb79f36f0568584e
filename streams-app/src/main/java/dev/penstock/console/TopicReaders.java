package dev.penstock.console;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bounds who reads topics while somebody waits: one at a time, and one more who has the token, so that nobody without it keeps operators out. What takes
 * too long is interrupted.
 */
final class TopicReaders {

    private static final int BUSY = 503;

    private final Semaphore anybody = new Semaphore(1);
    private final Semaphore operators = new Semaphore(1);
    private final ScheduledExecutorService timer;
    private final Duration longest;

    /** @param longest how long one may read */
    TopicReaders(ScheduledExecutorService timer, Duration longest) {
        this.timer = timer;
        this.longest = longest;
    }

    /** Something to read. */
    interface Reading {
        ObjectNode read() throws ConsoleRefusal;
    }

    /**
     * Reads on this thread.
     *
     * @param operator whether the token was shown
     * @throws ConsoleRefusal also when somebody else reads
     */
    ObjectNode read(boolean operator, Reading reading) throws ConsoleRefusal {
        Semaphore place = operator ? operators : anybody;
        if (!place.tryAcquire()) {
            throw new ConsoleRefusal(BUSY, "busy: the topics are being read for somebody else; try again");
        }
        try {
            return within(reading);
        } finally {
            place.release();
        }
    }

    private ObjectNode within(Reading reading) throws ConsoleRefusal {
        Deadline deadline = new Deadline(Thread.currentThread());
        Future<?> end = timer.schedule(deadline, longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return reading.read();
        } finally {
            end.cancel(false);
            deadline.lift();
        }
    }

    private static final class Deadline implements Runnable {

        private final Thread reader;
        private boolean lifted;

        Deadline(Thread reader) {
            this.reader = reader;
        }

        @Override
        public synchronized void run() {
            if (!lifted) {
                reader.interrupt();
            }
        }

        /** The next request on this thread must not find an interrupt that was meant for this one. */
        synchronized void lift() {
            lifted = true;
            Thread.interrupted();
        }
    }
}
