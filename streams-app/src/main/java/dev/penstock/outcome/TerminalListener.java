package dev.penstock.outcome;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Is told of what leaves as it is written, for metrics and traces. A transaction that is rolled back is told of again. */
public interface TerminalListener {

    /** A result was written. */
    void result(Source source, Instant sentAt, Instant admittedAt, Instant now);

    /** A dead letter was written. */
    void deadLetter(DeadLetterCode code);

    /** A usage event was written. */
    default void spent(UsageEvent event) {}

    /**
     * A request ended, as a result or a dead letter.
     *
     * @param source where the answer came from; null for a dead letter
     * @param code why there is none; null for a result
     */
    default void ended(
            Origin origin,
            String tenant,
            Instant admittedAt,
            @Nullable Source source,
            @Nullable DeadLetterCode code,
            Instant now) {}
}
