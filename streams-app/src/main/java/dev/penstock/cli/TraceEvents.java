package dev.penstock.cli;

import dev.penstock.cli.TraceEvent.What;
import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What each kind of record tells of a request. */
final class TraceEvents {

    private TraceEvents() {}

    static TraceEvent written(ConsumerRecord<byte[], byte[]> request) {
        String replay = header(request, HeaderNames.REDRIVE_OF)
                .map(of -> ", replay of " + of)
                .orElse("");
        int bytes = request.value() == null ? 0 : request.value().length;
        return new TraceEvent(time(request), What.WRITTEN, place(request), bytes + " bytes" + replay);
    }

    static TraceEvent rerouted(ConsumerRecord<byte[], byte[]> request) {
        return new TraceEvent(time(request), What.REROUTED, place(request), "to its tenant's partition");
    }

    static List<TraceEvent> answered(ConsumerRecord<byte[], byte[]> result, PenstockSection section) {
        List<TraceEvent> events = new ArrayList<>();
        String place = place(result);
        String tier = section.tier() == null ? "" : "tier " + section.tier();
        events.add(new TraceEvent(section.admittedAt(), What.ADMITTED, place, tier));
        if (section.reservedUsd() != null) {
            events.add(new TraceEvent(section.admittedAt(), What.RESERVED, place, section.reservedUsd() + " USD"));
        }
        events.add(new TraceEvent(
                time(result),
                What.ANSWERED,
                place,
                "from " + section.source().wireName() + ", " + section.provider() + "/" + section.model() + ", queued "
                        + section.timings().queueMillis() + " ms, provider "
                        + section.timings().providerMillis() + " ms"));
        return events;
    }

    /** What a result tells of its attempts, where the outcomes are gone. */
    static List<TraceEvent> attempts(ConsumerRecord<byte[], byte[]> result, PenstockSection section) {
        Instant start = section.admittedAt().plusMillis(section.timings().queueMillis());
        return attempts(section.attempts(), start, place(result));
    }

    static TraceEvent deadLetter(DeadLetter letter, DeadLetterHeaders why) {
        String again = why.retryable() ? ", may be replayed" : "";
        return new TraceEvent(
                letter.writtenAt(),
                What.DEAD_LETTER,
                letter.id(),
                why.code().code() + ": " + why.detail() + ", " + why.attempts() + " attempts" + again);
    }

    static List<TraceEvent> outcome(ConsumerRecord<byte[], byte[]> message, Outcome outcome) {
        String place = place(message);
        List<TraceEvent> events = new ArrayList<>();
        events.add(new TraceEvent(
                outcome.startedAt(),
                What.DISPATCHED,
                place,
                "dispatch " + outcome.attempt() + " by " + outcome.owner()));
        events.addAll(attempts(outcome.attempts(), outcome.startedAt(), place));
        events.add(new TraceEvent(outcome.endedAt(), What.OUTCOME, place, outcomeText(outcome)));
        return events;
    }

    static TraceEvent billed(ConsumerRecord<byte[], byte[]> message, UsageEvent usage) {
        TokenUsage tokens = usage.usage();
        String count = tokens == null
                ? "tokens unknown"
                : tokens.promptTokens() + " prompt and " + tokens.completionTokens() + " completion tokens";
        String cost = usage.costUsd() == null ? "" : ", " + usage.costUsd() + " USD";
        return new TraceEvent(
                time(message), What.BILLED, place(message), usage.status().wireName() + ": " + count + cost);
    }

    static TraceEvent replayed(ConsumerRecord<byte[], byte[]> message, RedriveMarker marker) {
        return new TraceEvent(
                marker.at(),
                What.REPLAYED,
                place(message),
                "as " + marker.requestId() + ", replay " + marker.redriveCount());
    }

    /** The reports have no time of their own, but they are in order and tell how long each took. */
    private static List<TraceEvent> attempts(List<AttemptReport> reports, Instant start, String place) {
        List<TraceEvent> events = new ArrayList<>();
        Instant at = start;
        for (AttemptReport report : reports) {
            events.add(new TraceEvent(
                    at,
                    What.ATTEMPT,
                    place,
                    report.target() + ": " + report.outcome() + ", " + report.millis() + " ms"));
            at = at.plusMillis(report.millis());
        }
        return events;
    }

    private static String outcomeText(Outcome outcome) {
        Outcome.Failure failure = outcome.failure();
        String why = failure == null ? "" : ": " + failure.code().code();
        String until = outcome.notBefore() == null ? "" : ", not before " + outcome.notBefore();
        return outcome.kind().wireName() + why + until;
    }

    static String place(ConsumerRecord<byte[], byte[]> message) {
        return message.topic() + "-" + message.partition() + "-" + message.offset();
    }

    static Optional<String> header(ConsumerRecord<byte[], byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    static String text(byte @Nullable [] bytes, String otherwise) {
        return bytes == null ? otherwise : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Instant time(ConsumerRecord<byte[], byte[]> message) {
        return Instant.ofEpochMilli(message.timestamp());
    }
}
