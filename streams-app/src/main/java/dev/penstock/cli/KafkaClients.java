package dev.penstock.cli;

import dev.penstock.config.KafkaTimeout;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.topics.KafkaFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka clients for the commands, all from one configuration. */
final class KafkaClients {

    private static final int TRANSACTION_MILLIS = 10_000;
    private static final String FETCH_WAIT = "fetch.max.wait.ms";
    private static final int SHORT_FETCH_WAIT_MILLIS = 100;
    private static final int FETCH_WAIT_MILLIS = 500;

    private final PenstockConfig config;
    private final Map<String, Object> reading;
    private final TenantSignatures signatures;

    KafkaClients(PenstockConfig config) {
        this(config, Map.of());
    }

    private KafkaClients(PenstockConfig config, Map<String, Object> reading) {
        this.config = config;
        this.reading = reading;
        this.signatures = config.intake().signatures();
    }

    /** For reading beside a running pipeline: little at a time, so that it takes little memory whatever the topics hold. */
    static KafkaClients besidePipeline(PenstockConfig config) {
        return new KafkaClients(
                config,
                Map.of(
                        "fetch.max.bytes",
                        1 << 20,
                        "max.partition.fetch.bytes",
                        128 << 10,
                        "max.poll.records",
                        200,
                        FETCH_WAIT,
                        FETCH_WAIT_MILLIS));
    }

    /** What requests are signed with, where they must be. */
    TenantSignatures signatures() {
        return signatures;
    }

    String servers() {
        return config.kafka().getOrDefault("bootstrap.servers", "");
    }

    Admin admin() throws CommandFailure {
        try {
            return Admin.create(KafkaTimeout.ofAdmin(config.kafka()));
        } catch (KafkaException wrong) {
            throw failure(wrong);
        }
    }

    /** Writes as durably as the pipeline does. */
    KafkaProducer<byte[], byte[]> producer() throws CommandFailure {
        return producer(properties());
    }

    /** The same with transactions. Whoever makes the next one with this id ends what this one leaves open. */
    KafkaProducer<byte[], byte[]> transactionalProducer(String id) throws CommandFailure {
        Map<String, Object> properties = properties();
        properties.put("transactional.id", id);
        properties.put("transaction.timeout.ms", TRANSACTION_MILLIS);
        return producer(properties);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> properties) throws CommandFailure {
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        properties.put("max.request.size", RecordSizes.MAX_RECORD_BYTES);
        properties.put("linger.ms", 5);
        properties.put("batch.size", 128 * 1024);
        properties.put("max.block.ms", KafkaTimeout.millis(config.kafka()) * 3L);
        try {
            return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException wrong) {
            throw failure(wrong);
        }
    }

    /** Without a group: reads what it is told to and leaves no trace. */
    KafkaConsumer<byte[], byte[]> consumer() throws CommandFailure {
        Map<String, Object> properties = properties();
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", "false");
        // The close of a consumer waits for the fetch that is under way, and so does who typed the command.
        properties.put(FETCH_WAIT, SHORT_FETCH_WAIT_MILLIS);
        properties.put("default.api.timeout.ms", KafkaTimeout.millis(config.kafka()));
        properties.putAll(reading);
        try {
            return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException wrong) {
            throw failure(wrong);
        }
    }

    /** Fails, in words, when no broker answers. */
    void reach(Admin admin) throws CommandFailure, InterruptedException {
        try {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException failed) {
            throw failure(failed);
        }
    }

    /** Fails, in words, when the broker does not answer or a topic is missing. */
    void require(List<String> topics) throws CommandFailure, InterruptedException {
        try (Admin admin = admin()) {
            admin.describeTopics(topics).allTopicNames().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                throw CommandFailure.failed(String.join(", ", topics) + ": missing on " + servers()
                        + " (expected: the topics that penstock topics create makes)");
            }
            throw failure(failed);
        }
    }

    CommandFailure failure(Throwable cause) {
        return CommandFailure.failed(line(cause));
    }

    /** Why Kafka did not do what was asked. */
    String line(Throwable cause) {
        return KafkaFailure.line(cause, config.kafka());
    }

    private Map<String, Object> properties() {
        return new HashMap<>(config.kafka());
    }

    Duration answerWithin() {
        return Duration.ofMillis(KafkaTimeout.millis(config.kafka()));
    }
}
