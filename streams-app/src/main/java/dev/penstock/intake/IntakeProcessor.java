package dev.penstock.intake;

import dev.penstock.intake.IntakeDecision.Admit;
import dev.penstock.intake.IntakeDecision.Refuse;
import dev.penstock.intake.IntakeDecision.Reroute;
import dev.penstock.work.Emission;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.Origin;
import dev.penstock.work.Redrive;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Reads a record, asks the policy, forwards. */
final class IntakeProcessor implements Processor<byte[], byte[], Object, Object> {

    private final IntakePolicy policy;
    private final ArrivalReader reader;
    private final IntakeRoutes routes;
    private ProcessorContext<Object, Object> context;

    @SuppressWarnings("NullAway.Init") // the context arrives in init, before the first record
    IntakeProcessor(IntakePolicy policy, ArrivalReader reader, IntakeRoutes routes) {
        this.policy = policy;
        this.reader = reader;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Arrival arrival = reader.read(record, context.recordMetadata().orElseThrow());
        Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
        switch (policy.decide(arrival, now)) {
            case Admit admit ->
                context.forward(
                        new Record<>(admit.admitted().ticket().tenant(), admit.admitted(), record.timestamp()),
                        routes.admitted());
            case Refuse refuse ->
                context.forward(
                        new Record<>(refuse.tenant(), refusal(arrival, refuse, now), record.timestamp()),
                        routes.refused());
            case Reroute reroute -> context.forward(rerouted(arrival, reroute, record.timestamp()), routes.rerouted());
        }
    }

    private static Emission refusal(Arrival arrival, Refuse refuse, Instant now) {
        return new Emission.Refusal(
                arrival.origin(), refuse.tenant(), arrival.value(), refuse.code(), refuse.detail(), now);
    }

    private static Record<Object, Object> rerouted(Arrival arrival, Reroute reroute, long timestamp) {
        Record<Object, Object> record =
                new Record<>(reroute.tenant().getBytes(StandardCharsets.UTF_8), arrival.value(), timestamp);
        Headers headers = record.headers();
        Origin origin = arrival.origin();
        add(headers, HeaderNames.ORIGIN_TOPIC, origin.id().topic());
        add(headers, HeaderNames.ORIGIN_PARTITION, Integer.toString(origin.id().partition()));
        add(headers, HeaderNames.ORIGIN_OFFSET, Long.toString(origin.id().offset()));
        add(headers, HeaderNames.ORIGIN_TIMESTAMP, Long.toString(origin.timestampMillis()));
        if (origin.redriveCount() > 0) {
            add(headers, HeaderNames.REDRIVE_COUNT, Integer.toString(origin.redriveCount()));
        }
        add(headers, arrival.redrive());
        add(headers, HeaderNames.TRACEPARENT, origin.traceparent());
        return record;
    }

    private static void add(Headers headers, Redrive redrive) {
        if (redrive.deadline() != null) {
            add(
                    headers,
                    HeaderNames.REDRIVE_DEADLINE,
                    Long.toString(redrive.deadline().toEpochMilli()));
        }
        if (redrive.forced()) {
            add(headers, HeaderNames.REDRIVE_FORCED, "true");
        }
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
