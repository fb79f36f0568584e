package dev.penstock.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a compacted topic as what it is: the last value of each key. */
final class CompactedTopic {

    private static final Duration POLL = Duration.ofMillis(200);

    private CompactedTopic() {}

    /** The last values as they stand now, by key; deleted ones are left out. */
    static Map<String, byte[]> read(KafkaClients clients, String topic) throws CommandFailure, InterruptedException {
        clients.require(List.of(topic));
        Map<String, byte[]> values = new TreeMap<>();
        try (TopicReader reader = new TopicReader(clients, List.of(topic), new TopicReader.Beginning())) {
            do {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    apply(values, record);
                }
            } while (!reader.caughtUp());
        }
        return values;
    }

    private static void apply(Map<String, byte[]> values, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            values.remove(key);
        } else {
            values.put(key, record.value());
        }
    }
}
