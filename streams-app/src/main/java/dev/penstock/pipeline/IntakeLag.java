package dev.penstock.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records of the topics that work arrives on are not taken in yet, of this instance's partitions. Asked of the
 * broker: a consumer knows the ends only of what it fetches, and a partition whose intake is closed is not fetched, which is
 * when the lag matters.
 */
final class IntakeLag implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IntakeLag.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Admin admin;
    private final String group;
    private final Set<String> topics;
    private final Supplier<Set<Integer>> partitions;
    private final Map<String, Long> byTopic = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("intake-lag").unstarted(this::watch);
    private boolean warned;

    /**
     * @param admin closed with this
     * @param group the consumer group of all instances
     * @param partitions that this instance has now
     */
    IntakeLag(Admin admin, String group, Set<String> topics, Supplier<Set<Integer>> partitions) {
        this.admin = admin;
        this.group = group;
        this.topics = Set.copyOf(topics);
        this.partitions = partitions;
    }

    /** Asks every ten seconds from now on. */
    void start() {
        thread.start();
    }

    Set<String> topics() {
        return topics;
    }

    /** Records, as of the last answer; NaN until there is one. */
    double records(String topic) {
        Long lag = byTopic.get(topic);
        return lag == null ? Double.NaN : lag;
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    void look() throws InterruptedException {
        try {
            byTopic.putAll(lags());
            warned = false;
        } catch (ExecutionException | KafkaException away) {
            byTopic.clear();
            if (!warned) {
                warned = true;
                LOG.atWarn()
                        .addKeyValue("why", reason(away))
                        .log("the broker does not tell the lag; its metric is left out until it does");
            }
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName();
    }

    private Map<String, Long> lags() throws InterruptedException, ExecutionException {
        List<TopicPartition> sources = sources();
        Map<TopicPartition, Long> ends = offsets(sources, OffsetSpec.latest());
        Map<TopicPartition, Long> begun = committed(sources);
        begun.putAll(offsets(
                sources.stream().filter(source -> !begun.containsKey(source)).toList(), OffsetSpec.earliest()));
        Map<String, Long> lags = new HashMap<>();
        topics.forEach(topic -> lags.put(topic, 0L));
        for (TopicPartition source : sources) {
            long left = Objects.requireNonNull(ends.get(source)) - Objects.requireNonNull(begun.get(source));
            lags.merge(source.topic(), Math.max(0, left), Long::sum);
        }
        return lags;
    }

    private List<TopicPartition> sources() {
        List<TopicPartition> sources = new ArrayList<>();
        for (int partition : partitions.get()) {
            topics.forEach(topic -> sources.add(new TopicPartition(topic, partition)));
        }
        return sources;
    }

    private Map<TopicPartition, Long> committed(List<TopicPartition> sources)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> known = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        for (TopicPartition source : sources) {
            OffsetAndMetadata offset = known.get(source);
            if (offset != null) {
                offsets.put(source, offset.offset());
            }
        }
        return offsets;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> sources, OffsetSpec which)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        sources.forEach(source -> asked.put(source, which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(asked).all().get().forEach((source, found) -> offsets.put(source, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        thread.interrupt();
        admin.close(Duration.ofSeconds(1));
    }
}
