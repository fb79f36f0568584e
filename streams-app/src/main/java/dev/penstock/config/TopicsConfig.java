package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * The topics that {@code topics create} makes and every start checks.
 *
 * @param prefix stands before every topic name
 * @param partitions of every topic; the tenant is the unit of partitioning
 * @param retention how long requests, outcomes, results and dead letters are kept
 */
public record TopicsConfig(
        String prefix, int partitions, short replication, int minInsyncReplicas, Duration retention) {

    static final Setting<String> PREFIX = new Setting<>(
            "topics.prefix",
            ValueType.text("1 to 100 of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._-]{1,100}"),
            "llm.",
            "Stands before every topic name.");
    static final Setting<Integer> PARTITIONS = new Setting<>(
            "topics.partitions",
            ValueType.wholeNumber(1, 1_000),
            "24",
            "Partitions of every topic. A tenant lives in one partition. Cannot be changed later.");
    static final Setting<Integer> REPLICATION = new Setting<>(
            "topics.replication",
            ValueType.wholeNumber(1, 7),
            "3",
            "Copies of every partition, also of the state stores' changelogs.");
    static final Setting<Integer> MIN_INSYNC_REPLICAS = new Setting<>(
            "topics.min_insync_replicas",
            ValueType.wholeNumber(1, 7),
            "2",
            "Copies that must have a record before it counts as written.");
    static final Setting<Duration> RETENTION = new Setting<>(
            "topics.retention",
            ValueType.duration("1h", "3650d"),
            "7d",
            "How long requests, outcomes, results and dead letters are kept.");

    static final List<Setting<?>> SETTINGS = List.of(PREFIX, PARTITIONS, REPLICATION, MIN_INSYNC_REPLICAS, RETENTION);

    static TopicsConfig from(Values values) {
        TopicsConfig topics = new TopicsConfig(
                values.get(PREFIX),
                values.get(PARTITIONS),
                values.get(REPLICATION).shortValue(),
                values.get(MIN_INSYNC_REPLICAS),
                values.get(RETENTION));
        values.expect(
                MIN_INSYNC_REPLICAS,
                topics.minInsyncReplicas <= topics.replication,
                "at most topics.replication, " + topics.replication);
        return topics;
    }
}
