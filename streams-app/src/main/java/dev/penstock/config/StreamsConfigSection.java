package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * How the stream threads run.
 *
 * @param commitInterval between transactions; a request passes two of them
 * @param sessionTimeout after which the group takes an instance for dead
 * @param transactionTimeout after which the broker aborts what a dead instance left open
 * @param rocksdbMemoryBytes shared by the stores of all partitions of this instance
 * @param startPatience how long a start waits for a broker that does not answer
 */
public record StreamsConfigSection(
        int threads,
        Duration commitInterval,
        Duration sessionTimeout,
        Duration transactionTimeout,
        long rocksdbMemoryBytes,
        Duration startPatience) {

    static final Setting<Integer> THREADS = new Setting<>(
            "streams.threads",
            ValueType.wholeNumber(1, 256),
            Integer.toString(Runtime.getRuntime().availableProcessors()),
            "Stream threads. Default: one for each processor.");
    static final Setting<Duration> COMMIT_INTERVAL = new Setting<>(
            "streams.commit_interval",
            ValueType.duration("1ms", "1s"),
            "25ms",
            "Time between transactions. A request passes two of them.");
    static final Setting<Duration> SESSION_TIMEOUT = new Setting<>(
            "streams.session_timeout",
            ValueType.duration("6s", "30m"),
            "10s",
            "Silence after which the others take an instance for dead.");
    static final Setting<Duration> TRANSACTION_TIMEOUT = new Setting<>(
            "streams.transaction_timeout",
            ValueType.duration("5s", "15m"),
            "10s",
            "Age at which the broker aborts a transaction that a dead instance left open.");
    static final Setting<Long> ROCKSDB_MEMORY = new Setting<>(
            "streams.rocksdb_memory",
            ValueType.byteSize("16MiB", "64GiB"),
            "256MiB",
            "Memory that all state stores of an instance share, outside the heap.");

    static final Setting<Duration> START_PATIENCE = new Setting<>(
            "streams.start_patience",
            ValueType.duration("0s", "24h"),
            "5m",
            "How long a start waits while no broker answers, before it fails.");

    static final List<Setting<?>> SETTINGS =
            List.of(THREADS, COMMIT_INTERVAL, SESSION_TIMEOUT, TRANSACTION_TIMEOUT, ROCKSDB_MEMORY, START_PATIENCE);

    static StreamsConfigSection from(Values values) {
        return new StreamsConfigSection(
                values.get(THREADS),
                values.get(COMMIT_INTERVAL),
                values.get(SESSION_TIMEOUT),
                values.get(TRANSACTION_TIMEOUT),
                values.get(ROCKSDB_MEMORY),
                values.get(START_PATIENCE));
    }
}
