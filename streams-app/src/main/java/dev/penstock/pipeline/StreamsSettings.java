package dev.penstock.pipeline;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The settings of Kafka Streams that the pipeline depends on; each is a promise's ground, so none can be overridden, but how
 * partitions move to an instance that joins.
 */
final class StreamsSettings {

    /**
     * How long a stream thread waits for a broker that is away before its instance ends. Below {@code
     * max.poll.interval.ms}, or its tasks would be given away meanwhile.
     */
    private static final Duration BROKER_PATIENCE = Duration.ofMinutes(5);

    /**
     * Changelog records that a partition may be behind on an instance that it moves to; its requests stand still while they are
     * restored. One that is further behind is restored there first, while its owner goes on.
     */
    private static final long ACCEPTABLE_LAG = 50_000;

    /** How often the group looks whether what is restored ahead may move. Kafka Streams takes nothing shorter. */
    private static final Duration PROBING = Duration.ofMinutes(1);

    /** Read at once, and buffered of a partition: a record may have 2 MiB, and a batch that producers compressed holds many of these. */
    private static final int RECORDS_AT_ONCE = 100;

    /** Partitions that are restored ahead at a time, in the whole group. */
    private static final int WARM_UPS = 4;

    private StreamsSettings() {}

    private static void moving(Properties settings) {
        settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, ACCEPTABLE_LAG);
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING.toMillis());
        settings.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, WARM_UPS);
    }

    static Properties of(PenstockConfig config) {
        Properties settings = new Properties();
        moving(settings);
        settings.putAll(config.kafka());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG, config.instance().directory().toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streams().threads());
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.streams().commitInterval().toMillis());
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.topics().replication());
        settings.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                config.topics().minInsyncReplicas());
        settings.put(StreamsConfig.POLL_MS_CONFIG, 20);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RECORDS_AT_ONCE);
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        settings.put(RocksDbMemory.TOTAL_BYTES, config.streams().rocksdbMemoryBytes());
        consumer(settings, config);
        producer(settings, config);
        return settings;
    }

    /** Classic protocol with static membership: a restart within the session timeout moves no task. */
    private static void consumer(Properties settings, PenstockConfig config) {
        putConsumer(
                settings,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                config.instance().id());
        int session = Math.toIntExact(config.streams().sessionTimeout().toMillis());
        putConsumer(settings, CommonClientConfigs.SESSION_TIMEOUT_MS_CONFIG, session);
        putConsumer(settings, CommonClientConfigs.HEARTBEAT_INTERVAL_MS_CONFIG, session / 4);
        putConsumer(settings, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 400_000);
        putConsumer(settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
        putConsumer(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 128 * 1024);
        putConsumer(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    private static void producer(Properties settings, PenstockConfig config) {
        putProducer(settings, ProducerConfig.LINGER_MS_CONFIG, 5);
        putProducer(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordSizes.MAX_RECORD_BYTES);
        int patience = Math.toIntExact(BROKER_PATIENCE.toMillis());
        putProducer(settings, ProducerConfig.MAX_BLOCK_MS_CONFIG, patience);
        putProducer(settings, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patience);
        int transaction = Math.toIntExact(config.streams().transactionTimeout().toMillis());
        putProducer(settings, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, transaction);
    }

    private static void putConsumer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.mainConsumerPrefix(name), value);
    }

    private static void putProducer(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.producerPrefix(name), value);
    }
}
