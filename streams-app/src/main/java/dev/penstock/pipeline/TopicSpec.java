package dev.penstock.pipeline;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one topic must be made.
 *
 * @param retention how long records are kept; without effect on a compacted topic
 * @param brokerTime the broker stamps records, so that a producer's clock cannot make time retention delete what was not read yet
 */
public record TopicSpec(
        String name,
        int partitions,
        short replication,
        int minInsyncReplicas,
        Cleanup cleanup,
        Duration retention,
        int maxMessageBytes,
        boolean brokerTime) {

    private static final int COMPACTED_SEGMENT_BYTES = 32 * 1024 * 1024;

    /** What becomes of old records. */
    public enum Cleanup {
        DELETE,
        COMPACT;

        /** As {@code cleanup.policy} spells it. */
        public String kafkaName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    TopicSpec stampedByBroker() {
        return new TopicSpec(
                name, partitions, replication, minInsyncReplicas, cleanup, retention, maxMessageBytes, true);
    }

    /** Topic properties for the broker. */
    public Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("cleanup.policy", cleanup.kafkaName());
        properties.put("max.message.bytes", Integer.toString(maxMessageBytes));
        properties.put("min.insync.replicas", Integer.toString(minInsyncReplicas));
        properties.put("message.timestamp.type", brokerTime ? "LogAppendTime" : "CreateTime");
        switch (cleanup) {
            case DELETE -> properties.put("retention.ms", Long.toString(retention.toMillis()));
            case COMPACT -> properties.put("segment.bytes", Integer.toString(COMPACTED_SEGMENT_BYTES));
        }
        return properties;
    }
}
