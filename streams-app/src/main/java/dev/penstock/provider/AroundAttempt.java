package dev.penstock.provider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done around an attempt: places are given back, meters and spans written. A failure of that ends here: a reply that
 * was paid for is not lost over it, nor is what others have to do around the attempt.
 */
public final class AroundAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(AroundAttempt.class);

    private AroundAttempt() {}

    /** @param who for the log */
    public static void guarded(Class<?> who, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("in", who.getSimpleName())
                    .addKeyValue("exception", e.getClass().getName())
                    .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0])
                    .log("work around an attempt failed; the attempt counts as it ended");
        }
    }
}
