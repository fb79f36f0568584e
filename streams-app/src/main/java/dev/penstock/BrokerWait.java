package dev.penstock;

import dev.penstock.topics.BrokerAwayException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again while no broker answers, as long as a start may wait, and logs once a minute that it does. */
final class BrokerWait {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerWait.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LOG_PACE = Duration.ofMinutes(1);

    private final Duration patience;
    private final BooleanSupplier cancelled;
    private final InstantSource clock;
    private final Sleeper sleeper;

    /** A question to the cluster. */
    interface Question<T> {
        T ask() throws BrokerAwayException, StartupException, InterruptedException;
    }

    /** Lets time pass. */
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** @param cancelled whether nobody wants the answer any more */
    BrokerWait(Duration patience, BooleanSupplier cancelled, InstantSource clock, Sleeper sleeper) {
        this.patience = patience;
        this.cancelled = cancelled;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** @throws StartupException if there is no answer within the patience, or the wait is cancelled */
    <T> T answerTo(Question<T> question) throws StartupException, InterruptedException {
        Instant end = clock.instant().plus(patience);
        @Nullable Instant logged = null;
        while (true) {
            try {
                return question.ask();
            } catch (BrokerAwayException away) {
                Instant now = clock.instant();
                if (cancelled.getAsBoolean() || !now.isBefore(end)) {
                    throw new StartupException(String.valueOf(away.getMessage()));
                }
                if (logged == null || !now.isBefore(logged.plus(LOG_PACE))) {
                    logged = now;
                    LOG.atWarn()
                            .addKeyValue("why", away.getMessage())
                            .addKeyValue(
                                    "seconds_left", Duration.between(now, end).toSeconds())
                            .log("no broker answers; the start waits");
                }
                sleeper.sleep(PAUSE);
                if (cancelled.getAsBoolean()) {
                    throw new StartupException("stopped while it waited for a broker");
                }
            }
        }
    }
}
