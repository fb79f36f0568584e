package dev.penstock.outcome;

import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.Timings;
import dev.penstock.work.Emission;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds result records: an OpenAI batch output line with a section of ours. */
final class Results {

    private Results() {}

    static Result of(Emission.Terminal terminal, Verdict.Answer answer, Instant now) {
        Ticket ticket = terminal.ticket();
        String requestId = ticket.id().toString();
        return new Result(
                requestId,
                ticket.customId(),
                new Result.Response(
                        answer.statusCode(),
                        Objects.requireNonNullElse(answer.providerRequestId(), requestId),
                        answer.body()),
                new PenstockSection(
                        ticket.tenant(),
                        requestId,
                        terminal.source(),
                        answer.provider(),
                        answer.model(),
                        answer.tier(),
                        answer.tierReason(),
                        answer.attempts(),
                        Objects.requireNonNullElse(answer.batchSize(), 1),
                        Objects.requireNonNullElse(answer.trimmedTokens(), 0L),
                        answer.usage(),
                        answer.cachedUsage(),
                        own(terminal.source(), answer.costUsd()),
                        ticket.admittedAt(),
                        own(terminal.source(), answer.reservedUsd()),
                        timings(terminal.source(), ticket, answer, now),
                        ticket.metadata()));
    }

    /** Money that was spent once is told of once. */
    private static @Nullable BigDecimal own(Source source, @Nullable BigDecimal usd) {
        return source == Source.PROVIDER ? usd : null;
    }

    /** A duplicate waited for nobody but its leader: the provider's time is not its own. */
    private static Timings timings(Source source, Ticket ticket, Verdict.Answer answer, Instant now) {
        long total = millis(ticket.admittedAt(), now);
        return source == Source.PROVIDER
                ? new Timings(
                        millis(ticket.admittedAt(), answer.sentAt()),
                        millis(answer.sentAt(), answer.answeredAt()),
                        total)
                : new Timings(total, 0, total);
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }
}
