package dev.penstock.outcome;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import java.time.Instant;

/** Is told of every terminal as it is written, for metrics. A transaction that is rolled back is told of again. */
public interface TerminalListener {

    /** A result was written. */
    void result(Source source, Instant sentAt, Instant admittedAt, Instant now);

    /** A dead letter was written. */
    void deadLetter(DeadLetterCode code);
}
