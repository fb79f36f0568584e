package dev.penstock.cli;

import dev.penstock.pipeline.TenantPartitions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads what was committed to some topics, all partitions, without a consumer group. */
final class TopicReader implements AutoCloseable {

    private final KafkaClients clients;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    /** Where reading begins. */
    sealed interface Start {}

    /** With the oldest record. */
    record Beginning() implements Start {}

    /** With what is written from now on. */
    record End() implements Start {}

    /** With the first record that is not older. */
    record Since(Instant instant) implements Start {}

    /** With what ends each partition: at most so many records of it. */
    record Last(int records) implements Start {}

    TopicReader(KafkaClients clients, List<String> topics, Start start) throws CommandFailure {
        this(clients, topics, start, null);
    }

    /** @param tenant read only the partitions that this tenant's records are in; null for all */
    TopicReader(KafkaClients clients, List<String> topics, Start start, @Nullable String tenant) throws CommandFailure {
        this.clients = clients;
        this.consumer = clients.consumer();
        try {
            List<TopicPartition> partitions =
                    topics.stream().flatMap(topic -> partitions(topic, tenant)).toList();
            consumer.assign(partitions);
            this.ends = Map.copyOf(consumer.endOffsets(partitions));
            seek(partitions, start);
        } catch (KafkaException failed) {
            consumer.close();
            throw clients.failure(failed);
        }
    }

    /** The record at one place, if it is there still. */
    static Optional<ConsumerRecord<byte[], byte[]>> recordAt(KafkaClients clients, TopicPartition place, long offset)
            throws CommandFailure {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
            if (consumer.partitionsFor(place.topic()).size() <= place.partition()) {
                return Optional.empty();
            }
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            if (offset < consumer.position(place) || offset >= end) {
                return Optional.empty();
            }
            consumer.seek(place, offset);
            Optional<ConsumerRecord<byte[], byte[]>> first = Optional.empty();
            while (first.isEmpty() && consumer.position(place) <= offset) {
                first = consumer.poll(Duration.ofMillis(200)).records(place).stream()
                        .findFirst();
            }
            return first.filter(found -> found.offset() == offset);
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    private Stream<TopicPartition> partitions(String topic, @Nullable String tenant) {
        List<PartitionInfo> all = consumer.partitionsFor(topic);
        int home = tenant == null ? -1 : new TenantPartitions(all.size()).applyAsInt(tenant);
        return all.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .filter(partition -> tenant == null || partition.partition() == home);
    }

    /** What came within the time. */
    ConsumerRecords<byte[], byte[]> poll(Duration wait) throws CommandFailure {
        try {
            return consumer.poll(wait);
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    /** Whether everything was read that was there when this reader was made. */
    boolean caughtUp() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Whether a record that is there by now is still to be read. */
    boolean isBefore(TopicPartition partition, long offset) throws CommandFailure {
        try {
            return ends.containsKey(partition)
                    && consumer.position(partition) <= offset
                    && offset < consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    /** Where each partition ended when this reader was made. */
    Map<TopicPartition, Long> ends() {
        return ends;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void seek(List<TopicPartition> partitions, Start start) {
        switch (start) {
            case Beginning beginning -> consumer.seekToBeginning(partitions);
            case End end -> ends.forEach(consumer::seek);
            case Since since -> seekTo(partitions, since.instant());
            case Last last -> seekBack(partitions, last.records());
        }
    }

    private void seekBack(List<TopicPartition> partitions, int records) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        ends.forEach((partition, end) ->
                consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - records)));
    }

    private void seekTo(List<TopicPartition> partitions, Instant instant) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, instant.toEpochMilli()));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> found = new HashMap<>(consumer.offsetsForTimes(times));
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            long offset = first == null ? Objects.requireNonNull(ends.get(partition)) : first.offset();
            consumer.seek(partition, offset);
        }
    }
}
