package dev.penstock.pipeline;

import dev.penstock.outcome.TerminalListener;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.tracing.Tracing;
import dev.penstock.work.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts what leaves, and tells of each request that ended in its trace. */
final class TracedTerminals implements TerminalListener {

    private final TerminalListener counted;
    private final Tracing tracing;

    TracedTerminals(TerminalListener counted, Tracing tracing) {
        this.counted = counted;
        this.tracing = tracing;
    }

    @Override
    public void result(Source source, Instant sentAt, Instant admittedAt, Instant now) {
        counted.result(source, sentAt, admittedAt, now);
    }

    @Override
    public void deadLetter(DeadLetterCode code) {
        counted.deadLetter(code);
    }

    @Override
    public void spent(UsageEvent event) {
        counted.spent(event);
    }

    @Override
    public void ended(
            Origin origin,
            String tenant,
            Instant admittedAt,
            @Nullable Source source,
            @Nullable DeadLetterCode code,
            Instant now) {
        counted.ended(origin, tenant, admittedAt, source, code, now);
        tracing.ended(origin, tenant, admittedAt, source, code, now);
    }
}
