package dev.penstock.console;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Request;

/**
 * Makes the answers that cost something, on one platform thread: whatever is asked for, and by however many, takes no more than one processor, and no
 * thread that calls or probes need.
 */
final class Renderer implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("console-render").factory());

    /** An answer in the making. */
    interface Page {
        Answer render(Request request);
    }

    /** A handler that has its answers made here. */
    Request.Handler handler(Page page) {
        return (request, response, callback) -> {
            thread.execute(() -> Answer.ending(
                    callback, () -> Answer.made(() -> page.render(request)).send(response, callback)));
            return true;
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
