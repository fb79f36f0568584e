package dev.penstock.console;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Ends what takes too long, and keeps room for the probes. A client that does not read its answer holds the thread that writes it; an interrupt closes
 * the connection of a thread that writes, and nothing else frees it.
 */
final class SlowClients implements Filter, AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("console-deadlines").factory());
    private final Semaphore room;
    private final Duration longest;

    /**
     * @param most requests at once that are no probes
     * @param longest how long a request may take, its answer included
     */
    SlowClients(int most, Duration longest) {
        this.room = new Semaphore(most);
        this.longest = longest;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (Guard.PROBES.contains(request.path().path())) {
            within(chain::proceed);
        } else if (room.tryAcquire()) {
            try {
                within(chain::proceed);
            } finally {
                room.release();
            }
        } else {
            response.status(503).header("Retry-After", "1").send("busy: too many requests at once\n");
        }
    }

    /** Runs the work on this thread, which is interrupted when the time is over. */
    private void within(Runnable work) {
        Deadline deadline = new Deadline(Thread.currentThread());
        Future<?> end = timer.schedule(deadline, longest.toMillis(), TimeUnit.MILLISECONDS);
        try {
            work.run();
        } finally {
            end.cancel(false);
            deadline.lift();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static final class Deadline implements Runnable {

        private final Thread worker;
        private boolean lifted;

        Deadline(Thread worker) {
            this.worker = worker;
        }

        @Override
        public synchronized void run() {
            if (!lifted) {
                worker.interrupt();
            }
        }

        /** The next request of the connection must not find an interrupt that was meant for this one. */
        synchronized void lift() {
            lifted = true;
            Thread.interrupted();
        }
    }
}
