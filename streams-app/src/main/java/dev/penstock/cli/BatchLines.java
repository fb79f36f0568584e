package dev.penstock.cli;

import dev.penstock.pipeline.TenantPartitions;
import dev.penstock.pipeline.Topics;
import dev.penstock.work.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The lines of one batch as they stand on the requests topic: the requests that its import signed, and repetitions of them, byte for byte and under
 * the same tenant, as a replay writes them. What merely names the batch is none.
 */
final class BatchLines implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicReader reader;
    private final String topic;
    private final BatchId id;
    private final BatchProof proof;
    private final byte[] needle;
    private final TenantPartitions homes;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<RequestId, Line> byPlace = new HashMap<>();
    private final Set<String> extra = new LinkedHashSet<>();

    /**
     * A line.
     *
     * @param place the request that the import wrote: the first of them in its partition
     */
    record Line(String customId, RequestId place, String proof) {}

    /** Reads all that is there. */
    BatchLines(KafkaClients clients, Topics topics, BatchId id, TopicReader.Start since) throws CommandFailure {
        this.topic = topics.requests();
        this.id = id;
        this.proof = new BatchProof(id);
        this.needle = id.toString().getBytes(StandardCharsets.UTF_8);
        this.reader = new TopicReader(clients, List.of(topic), since);
        this.homes = new TenantPartitions(reader.ends().size());
        while (!reader.caughtUp()) {
            read();
        }
    }

    /** The line that a request is, if it is one; reads on to that place first. */
    Optional<Line> at(RequestId place) throws CommandFailure {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        while (place.topic().equals(topic) && reader.isBefore(partition, place.offset())) {
            read();
        }
        return Optional.ofNullable(byPlace.get(place));
    }

    /** How many are on the topic. */
    long written() {
        return lines.size();
    }

    /** The custom_ids of signed requests that the batch has no room for. */
    Set<String> extra() {
        return extra;
    }

    private void read() throws CommandFailure {
        for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
            if (message.value() != null && ByteSearch.contains(message.value(), needle)) {
                take(message);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> message) {
        Optional<BatchStamp.Found> stamp = BatchStamp.read(message.value());
        String tenant = TenantOfLine.read(message);
        if (stamp.isEmpty()
                || !stamp.get().id().equals(id.toString())
                || message.partition() != homes.applyAsInt(tenant)
                || !proof.holds(message.value(), stamp.get(), tenant)) {
            return;
        }
        String customId = LineField.text(message.value(), "custom_id").orElseThrow();
        RequestId place = new RequestId(message.topic(), message.partition(), message.offset());
        Line line = lines.get(customId);
        if (line == null && lines.size() < id.lines()) {
            line = new Line(customId, place, stamp.get().proof());
            lines.put(customId, line);
        }
        if (line != null && line.proof().equals(stamp.get().proof())) {
            byPlace.put(place, line);
        } else {
            extra.add(customId);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
