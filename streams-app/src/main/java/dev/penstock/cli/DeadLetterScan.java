package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.deadletters.DeadLetterSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the dead letters that are there now and selected, once. */
final class DeadLetterScan implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicReader reader;
    private final DeadLetterSelection selection;
    private final Map<TopicPartition, Long> ends;

    DeadLetterScan(KafkaClients clients, String topic, DeadLetterSelection selection) throws CommandFailure {
        this(clients, topic, selection, null);
    }

    /** @param ends read no further than that; null to read what is there now */
    DeadLetterScan(
            KafkaClients clients, String topic, DeadLetterSelection selection, @Nullable Map<TopicPartition, Long> ends)
            throws CommandFailure {
        TopicReader.Start start =
                selection.since() == null ? new TopicReader.Beginning() : new TopicReader.Since(selection.since());
        this.reader = new TopicReader(clients, List.of(topic), start, selection.tenant());
        this.selection = selection;
        this.ends = ends == null ? reader.ends() : ends;
    }

    /** Those of the next records that are selected; may be none. */
    List<DeadLetter> next() throws CommandFailure {
        List<DeadLetter> selected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
            if (message.offset() < endOf(message)) {
                DeadLetter letter = DeadLetter.of(message);
                if (selection.selects(letter)) {
                    selected.add(letter);
                }
            }
        }
        return selected;
    }

    /** Whether there is nothing left to read. */
    boolean isDone() {
        return reader.caughtUp();
    }

    /** Where this scan ends. */
    Map<TopicPartition, Long> ends() {
        return ends;
    }

    private long endOf(ConsumerRecord<byte[], byte[]> message) {
        return ends.getOrDefault(new TopicPartition(message.topic(), message.partition()), 0L);
    }

    @Override
    public void close() {
        reader.close();
    }
}
