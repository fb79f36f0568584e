package dev.penstock.cli;

import dev.penstock.schemas.Alert;
import java.io.PrintStream;

/**
 * Posts alerts one by one. An alert that cannot be delivered does not keep the next one back. Why it could not be is said once: again only if the
 * reason changes, or after a delivery.
 */
final class AlertPosts implements AutoCloseable {

    private final Webhook hook;
    private final PrintStream err;

    private String saidWhy = "";
    private long missing;
    private long undelivered;

    /**
     * @param hook closed with this
     */
    AlertPosts(Webhook hook, PrintStream err) {
        this.hook = hook;
        this.err = err;
    }

    /**
     * Posts one, with all its attempts.
     *
     * @throws CommandFailure if no later alert can be delivered either
     */
    void post(Alert alert) throws CommandFailure, InterruptedException {
        switch (hook.post(AlertText.webhookBody(alert))) {
            case Webhook.Posted.Taken taken -> delivered();
            case Webhook.Posted.Failed failed -> failed(failed.why());
            case Webhook.Posted.Refused refused -> throw CommandFailure.failed(refused.why());
        }
    }

    private void delivered() {
        if (missing > 0) {
            err.println(hook.name() + ": delivers again; alerts not delivered meanwhile: " + missing);
        }
        missing = 0;
        saidWhy = "";
    }

    private void failed(String why) {
        missing++;
        undelivered++;
        if (!why.equals(saidWhy)) {
            err.println(why);
        }
        saidWhy = why;
    }

    /** How many alerts were not delivered. */
    long undelivered() {
        return undelivered;
    }

    @Override
    public void close() {
        hook.close();
    }
}
