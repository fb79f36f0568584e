package dev.penstock.outcome;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.Emission;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.Origin;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.IdentityHashMap;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes what leaves the pipeline, measured before it leaves. */
final class EmitProcessor extends ContextualProcessor<String, Emission, byte[], byte[]> {

    private final WireCodec codec;
    private final SizeGuard guard;
    private final DeadLetters deadLetters;
    private final TerminalListener listener;
    private final EmitRoutes routes;
    /** The body that was shared last, and the same encoded: followers are given it one after the other. */
    private final IdentityHashMap<JsonNode, JsonNode> encoded = new IdentityHashMap<>();

    EmitProcessor(
            WireCodec codec, SizeGuard guard, DeadLetters deadLetters, TerminalListener listener, EmitRoutes routes) {
        this.codec = codec;
        this.guard = guard;
        this.deadLetters = deadLetters;
        this.listener = listener;
        this.routes = routes;
    }

    @Override
    public void process(Record<String, Emission> record) {
        Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
        switch (record.value()) {
            case Emission.Terminal terminal -> terminal(terminal, now);
            case Emission.Refusal refusal ->
                deadLetter(
                        refusal.tenant(),
                        deadLetters.of(refusal),
                        refusal.origin(),
                        refusal.original(),
                        refusal.at(),
                        now);
            case Emission.Spend spend -> spent(record.key(), spend, now);
            case Emission.Standing standing ->
                forward(
                        new Record<>(
                                bytes(standing.key()),
                                standing.status() == null ? null : codec.write(standing.status()),
                                now.toEpochMilli()),
                        routes.budgets());
            case Emission.Alarm alarm ->
                forward(
                        new Record<>(bytes(alarm.alert().key()), codec.write(alarm.alert()), now.toEpochMilli()),
                        routes.alerts());
        }
    }

    private void spent(String tenant, Emission.Spend spend, Instant now) {
        Record<byte[], byte[]> event = new Record<>(bytes(tenant), codec.write(spend.event()), now.toEpochMilli());
        if (spend.countedBy() != null) {
            event.headers().add(HeaderNames.COUNTED_BY, bytes(spend.countedBy()));
        }
        if (spend.traceparent() != null) {
            event.headers().add(HeaderNames.TRACEPARENT, bytes(spend.traceparent()));
        }
        listener.spent(spend.event());
        forward(event, routes.usage());
    }

    private void terminal(Emission.Terminal terminal, Instant now) {
        switch (terminal.verdict()) {
            case Verdict.Answer answer -> result(terminal, answer, now);
            case Verdict.Failure failure -> failed(terminal, failure, now);
        }
    }

    private void result(Emission.Terminal terminal, Verdict.Answer answer, Instant now) {
        byte[] value = codec.write(Results.of(terminal, encodedOnce(terminal.source(), answer), now));
        Record<byte[], byte[]> out = withTrace(
                bytes(terminal.ticket().tenant()), value, terminal.ticket().origin(), now);
        if (guard.fits(out)) {
            listener.result(
                    terminal.source(), answer.sentAt(), terminal.ticket().admittedAt(), now);
            listener.ended(
                    terminal.ticket().origin(),
                    terminal.ticket().tenant(),
                    terminal.ticket().admittedAt(),
                    terminal.source(),
                    null,
                    now);
            forward(out, routes.results());
        } else {
            failed(
                    terminal,
                    Verdict.Failure.of(
                            DeadLetterCode.OUTCOME_RESULT_TOO_LARGE,
                            answer.attempts().size(),
                            "result: " + value.length + " bytes (expected: at most " + guard.maxBytes() + ")"),
                    now);
        }
    }

    private Verdict.Answer encodedOnce(Source source, Verdict.Answer answer) {
        if (!encoded.containsKey(answer.body())) {
            encoded.clear();
        }
        return switch (source) {
            case PROVIDER, CACHE -> answer;
            case COALESCED, DUPLICATE -> answer.withBody(encoded.computeIfAbsent(answer.body(), codec::encodedOnce));
        };
    }

    private void failed(Emission.Terminal terminal, Verdict.Failure failure, Instant now) {
        deadLetter(
                terminal.ticket().tenant(),
                deadLetters.of(terminal, failure, now),
                terminal.ticket().origin(),
                terminal.original(),
                terminal.ticket().admittedAt(),
                now);
    }

    private void deadLetter(
            String tenant,
            DeadLetters.Draft draft,
            Origin origin,
            byte @Nullable [] original,
            Instant admittedAt,
            Instant now) {
        Record<byte[], byte[]> whole = withTrace(bytes(tenant), original, origin, now);
        draft.headers().toHeaders().forEach((name, value) -> whole.headers().add(name, bytes(value)));
        listener.deadLetter(draft.headers().code());
        listener.ended(origin, tenant, admittedAt, null, draft.headers().code(), now);
        forward(
                guard.fits(whole) || original == null ? whole : cut(tenant, draft, origin, original, now),
                routes.deadLetters());
    }

    private static Record<byte[], byte[]> cut(
            String tenant, DeadLetters.Draft draft, Origin origin, byte[] original, Instant now) {
        DeadLetters.Draft cut = draft.cut(original);
        Record<byte[], byte[]> record = withTrace(bytes(tenant), cut.firstBytes(original), origin, now);
        cut.headers().toHeaders().forEach((name, value) -> record.headers().add(name, bytes(value)));
        return record;
    }

    private static Record<byte[], byte[]> withTrace(byte[] key, byte @Nullable [] value, Origin origin, Instant now) {
        Record<byte[], byte[]> record = new Record<>(key, value, now.toEpochMilli());
        if (origin.traceparent() != null) {
            record.headers().add(HeaderNames.TRACEPARENT, bytes(origin.traceparent()));
        }
        return record;
    }

    private void forward(Record<byte[], byte[]> record, String route) {
        context().forward(record, route);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
