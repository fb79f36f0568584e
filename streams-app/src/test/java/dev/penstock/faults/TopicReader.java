package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Message;
import dev.penstock.guarantees.Position;
import dev.penstock.guarantees.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed records of topics, from their beginning or from now on. For one thread. */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** Room for many large answers: the default takes ten of 100 KB at a time. */
    private static final int FETCH_BYTES = 16 << 20;

    private final Map<String, Role> roles;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param roles the topics, by name
     */
    TopicReader(String bootstrap, Map<String, Role> roles) {
        this.roles = Map.copyOf(roles);
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "max.poll.records",
                        5_000,
                        "max.partition.fetch.bytes",
                        FETCH_BYTES),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = roles.keySet().stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** What comes from now on, and nothing of what is there. */
    static TopicReader fromNow(String bootstrap, Map<String, Role> roles) {
        TopicReader reader = new TopicReader(bootstrap, roles);
        reader.consumer.seekToEnd(reader.consumer.assignment());
        reader.consumer.assignment().forEach(reader.consumer::position);
        return reader;
    }

    /** What has come since the last poll; may be empty. */
    List<Event.Observed> poll() {
        List<Event.Observed> observed = new ArrayList<>();
        consumer.poll(POLL).forEach(each -> observed.add(read(each)));
        return observed;
    }

    /** All that is committed now and was not read yet. */
    List<Event.Observed> readToEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        List<Event.Observed> observed = new ArrayList<>();
        Instant limit = Instant.now().plus(Limits.WORK);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("not read to the end within " + Limits.WORK + ": at "
                        + ends.keySet().stream().collect(Collectors.toMap(partition -> partition, consumer::position))
                        + " (expected: " + ends + ")");
            }
            observed.addAll(poll());
        }
        return observed;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private Event.Observed read(ConsumerRecord<byte[], byte[]> found) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : found.headers()) {
            headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8));
        }
        return new Event.Observed(
                Objects.requireNonNull(roles.get(found.topic()), found.topic()),
                new Position(found.topic(), found.partition(), found.offset()),
                Instant.ofEpochMilli(found.timestamp()),
                Message.of(found.key(), found.value(), headers));
    }
}
