package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.Tenant;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Collects what the topics know of a request: first where it and its end are, then what was recorded under its request id. */
final class TraceRun {

    private static final Duration POLL = Duration.ofMillis(200);
    /** Results and dead letters have the instances' clocks, requests the broker's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    private final KafkaClients clients;
    private final Topics topics;
    private final Query query;
    private final Limits limits;
    private final WireCodec codec = new WireCodec();
    private final Map<String, Trace> traces = new LinkedHashMap<>();
    private final Map<String, String> requestOfLetter = new HashMap<>();
    private @Nullable String tenant;
    private @Nullable Instant since;
    private long read;
    private boolean cut;

    /**
     * What is looked for.
     *
     * @param requestId one request; null to look for the custom_id
     * @param customId all requests of that name; unused where a request is given
     * @param tenant only its partitions are read; null for all
     * @param since nothing older is read; null for all
     */
    record Query(
            @Nullable RequestId requestId,
            String customId,
            @Nullable String tenant,
            @Nullable Instant since) {}

    /**
     * How much may be done for it.
     *
     * @param most requests; those that are found after them are left out
     * @param stop asked now and then; what was found until then is the answer
     * @param progress told of every record
     */
    record Limits(int most, BooleanSupplier stop, Progress progress) {}

    TraceRun(KafkaClients clients, Topics topics, Query query, Limits limits) {
        this.clients = clients;
        this.topics = topics;
        this.query = query;
        this.limits = limits;
        this.tenant = query.tenant();
        this.since = query.since();
    }

    /** One for each request that was found, in the order of their finding. */
    Collection<Trace> traces() throws CommandFailure {
        locate();
        read(
                List.of(topics.requests(), topics.rerouted(), topics.results(), topics.deadLetters()),
                tenant,
                this::first);
        if (!traces.isEmpty()) {
            read(List.of(topics.outcomes(), topics.usage()), tenant, this::second);
            read(List.of(topics.redrives()), null, this::second);
        }
        return traces.values();
    }

    /** A request whose record is there still says itself whose it is and when it began. */
    private void locate() throws CommandFailure {
        RequestId id = query.requestId();
        if (id == null) {
            return;
        }
        TopicPartition place = new TopicPartition(id.topic(), id.partition());
        Optional<ConsumerRecord<byte[], byte[]>> found = TopicReader.recordAt(clients, place, id.offset());
        if (found.isPresent()) {
            ConsumerRecord<byte[], byte[]> request = found.get();
            request(request, id.toString());
            String named = tenantOf(request);
            tenant = tenant == null && Tenant.isValid(named) ? named : tenant;
            since = since == null ? Instant.ofEpochMilli(request.timestamp()).minus(CLOCK_SKEW) : since;
        }
    }

    /** Takes a record. */
    private interface Taker {
        void take(ConsumerRecord<byte[], byte[]> message) throws MalformedRecordException;
    }

    private void read(List<String> names, @Nullable String of, Taker taker) throws CommandFailure {
        TopicReader.Start start = since == null ? new TopicReader.Beginning() : new TopicReader.Since(since);
        try (TopicReader reader = new TopicReader(clients, names, start, of)) {
            do {
                for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
                    take(message, taker);
                    limits.progress().at(++read, -1);
                }
            } while (!reader.caughtUp() && !isStopped());
        }
    }

    private boolean isStopped() {
        boolean stopped = limits.stop().getAsBoolean();
        cut |= stopped;
        return stopped;
    }

    /** Whether there may be more than what was found. */
    boolean isCut() {
        return cut;
    }

    private static void take(ConsumerRecord<byte[], byte[]> message, Taker taker) {
        try {
            taker.take(message);
        } catch (MalformedRecordException foreign) {
            // Somebody else wrote it: it tells nothing.
        }
    }

    private void first(ConsumerRecord<byte[], byte[]> message) throws MalformedRecordException {
        String topic = message.topic();
        if (topic.equals(topics.requests())) {
            request(message, TraceEvents.place(message));
        } else if (topic.equals(topics.rerouted())) {
            request(message, originOf(message));
        } else if (message.value() != null && topic.equals(topics.results())) {
            result(message, message.value());
        } else if (topic.equals(topics.deadLetters())) {
            deadLetter(DeadLetter.of(message));
        }
    }

    private void request(ConsumerRecord<byte[], byte[]> message, String id) {
        Optional<String> customId = customId(message.value());
        if (!isMeant(id, customId)) {
            return;
        }
        boolean original = message.topic().equals(topics.requests());
        Trace trace = trace(id);
        trace.add(original ? TraceEvents.written(message) : TraceEvents.rerouted(message));
        trace.isOf(customId.orElse("-"), tenantOf(message));
    }

    private static String tenantOf(ConsumerRecord<byte[], byte[]> request) {
        Optional<String> named = request.value() == null ? Optional.empty() : TenantOfLine.read(request.value());
        return TraceEvents.text(request.key(), named.orElse(Tenant.DEFAULT.name()));
    }

    private void result(ConsumerRecord<byte[], byte[]> message, byte[] value) throws MalformedRecordException {
        Optional<String> customId = customId(value);
        if (query.requestId() == null
                && !customId.filter(query.customId()::equals).isPresent()) {
            return;
        }
        PenstockSection section = codec.readResult(value).penstock();
        if (isMeant(section.requestId(), customId)) {
            Trace trace = trace(section.requestId());
            TraceEvents.answered(message, section).forEach(trace::add);
            trace.isOf(customId.orElse("-"), section.tenant());
            trace.attemptsOtherwise(TraceEvents.attempts(message, section));
        }
    }

    private void deadLetter(DeadLetter letter) {
        DeadLetterHeaders why = letter.why();
        Optional<String> id = letter.requestId();
        Optional<String> customId = customId(letter.value());
        if (why != null && id.isPresent() && isMeant(id.get(), customId)) {
            Trace trace = trace(id.get());
            trace.add(TraceEvents.deadLetter(letter, why));
            trace.isOf(customId.orElse("-"), letter.tenant().map(Tenant::name).orElse("?"));
            requestOfLetter.put(letter.id(), id.get());
        }
    }

    private void second(ConsumerRecord<byte[], byte[]> message) throws MalformedRecordException {
        byte[] value = message.value();
        if (value == null) {
            return;
        }
        if (message.topic().equals(topics.redrives())) {
            Trace trace = traces.get(requestOfLetter.getOrDefault(TraceEvents.text(message.key(), ""), ""));
            if (trace != null) {
                trace.add(TraceEvents.replayed(message, codec.readRedriveMarker(value)));
            }
            return;
        }
        Trace trace = traces.get(LineField.text(value, "request_id").orElse(""));
        if (trace != null && message.topic().equals(topics.outcomes())) {
            TraceEvents.outcome(message, codec.readOutcome(value)).forEach(trace::add);
        } else if (trace != null) {
            trace.add(TraceEvents.billed(message, codec.readUsageEvent(value)));
        }
    }

    private boolean isMeant(String id, Optional<String> customId) {
        RequestId wanted = query.requestId();
        boolean meant =
                wanted == null ? customId.filter(query.customId()::equals).isPresent() : id.equals(wanted.toString());
        boolean oneTooMany = meant && !traces.containsKey(id) && traces.size() >= limits.most();
        cut |= oneTooMany;
        return meant && !oneTooMany;
    }

    private Trace trace(String id) {
        return traces.computeIfAbsent(id, Trace::new);
    }

    private static Optional<String> customId(byte @Nullable [] value) {
        return value == null ? Optional.empty() : LineField.text(value, "custom_id");
    }

    private static String originOf(ConsumerRecord<byte[], byte[]> message) {
        return TraceEvents.header(message, HeaderNames.ORIGIN_TOPIC).orElse("") + "-"
                + TraceEvents.header(message, HeaderNames.ORIGIN_PARTITION).orElse("") + "-"
                + TraceEvents.header(message, HeaderNames.ORIGIN_OFFSET).orElse("");
    }
}
