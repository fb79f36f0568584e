package dev.penstock.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
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
    /** A partition without a leader does not answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

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

    /** Records, as of the last answer; NaN while there is none for all partitions of the topic. */
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
            Map<String, Long> told = lags();
            byTopic.keySet().retainAll(told.keySet());
            byTopic.putAll(told);
            warnOf(told.size() < topics.size(), "a partition of a topic has no leader");
        } catch (ExecutionException | KafkaException away) {
            byTopic.clear();
            warnOf(true, reason(away));
        }
    }

    private void warnOf(boolean missing, String why) {
        if (missing && !warned) {
            LOG.atWarn()
                    .addKeyValue("why", why)
                    .log("the broker does not tell the lag; its metric is left out until it does");
        }
        warned = missing;
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName();
    }

    /** Of each topic of which all is told: half a lag would look like little work. */
    private Map<String, Long> lags() throws InterruptedException, ExecutionException {
        List<TopicPartition> sources = sources();
        Map<TopicPartition, Long> ends = offsets(sources, OffsetSpec.latest());
        Map<TopicPartition, Long> begun = committed(sources);
        begun.putAll(offsets(
                sources.stream().filter(source -> !begun.containsKey(source)).toList(), OffsetSpec.earliest()));
        Map<String, Long> lags = new HashMap<>();
        topics.forEach(topic -> lags.put(topic, 0L));
        for (TopicPartition source : sources) {
            Long end = ends.get(source);
            Long from = begun.get(source);
            if (end == null || from == null) {
                lags.remove(source.topic());
            } else {
                lags.computeIfPresent(source.topic(), (topic, lag) -> lag + Math.max(0, end - from));
            }
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

    /** Of those partitions that tell it in time. */
    private Map<TopicPartition, Long> offsets(List<TopicPartition> sources, OffsetSpec which)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        sources.forEach(source -> asked.put(source, which));
        ListOffsetsResult answers =
                admin.listOffsets(asked, new ListOffsetsOptions().timeoutMs((int) PATIENCE.toMillis()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition source : sources) {
            try {
                offsets.put(source, answers.partitionResult(source).get().offset());
            } catch (ExecutionException untold) {
                LOG.atDebug()
                        .addKeyValue("source", source)
                        .addKeyValue("why", reason(untold))
                        .log("the broker does not tell an offset");
            }
        }
        return offsets;
    }

    @Override
    public void close() {
        thread.interrupt();
        admin.close(Duration.ofSeconds(1));
    }
}
