package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose failures end here: an answer that was paid for is not lost over the news about its target. */
record GuardedListener(TargetListener listener) implements TargetListener {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    @Override
    public void breaker(String target, String from, String to, Instant at) {
        guarded(target, () -> listener.breaker(target, from, to, at));
    }

    @Override
    public void closed(String target, FailureClass why, Instant until, Instant at) {
        guarded(target, () -> listener.closed(target, why, until, at));
    }

    private static void guarded(String target, Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("target", target)
                    .addKeyValue("exception", e.getClass().getName())
                    .log("news about a target could not be told");
        }
    }
}
