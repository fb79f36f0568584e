package dev.penstock.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** What a driver wrote to topics, until a test reads it. What nobody read is lost with the driver. */
final class DriverOutput {

    private final TransactionWork work;
    private final Map<String, List<TestRecord<byte[], byte[]>>> unread = new HashMap<>();

    /** @param work what the driver writes counts there */
    DriverOutput(TransactionWork work) {
        this.work = work;
    }

    /** Takes over what the driver has written since the last time. */
    void collect(TopologyTestDriver driver) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        for (String topic : driver.producedTopicNames()) {
            List<TestRecord<byte[], byte[]>> written =
                    driver.createOutputTopic(topic, bytes, bytes).readRecordsToList();
            written.forEach(record -> work.wrote(record.value()));
            unread.computeIfAbsent(topic, any -> new ArrayList<>()).addAll(written);
        }
    }

    List<TestRecord<byte[], byte[]>> take(String topic) {
        List<TestRecord<byte[], byte[]>> taken = unread.remove(topic);
        return taken == null ? List.of() : taken;
    }

    void clear() {
        unread.clear();
    }
}
