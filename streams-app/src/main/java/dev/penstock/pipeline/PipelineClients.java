package dev.penstock.pipeline;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Streams runs on: its producer releases the outbox after each commit, its main consumer has the intake
 * valve. All others are Kafka's own.
 */
final class PipelineClients implements KafkaClientSupplier {

    private final Outboxes outboxes;
    private final IntakeValve valve;

    PipelineClients(Outboxes outboxes, IntakeValve valve) {
        this.outboxes = outboxes;
        this.valve = valve;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        String clientId = String.valueOf(config.get(ProducerConfig.CLIENT_ID_CONFIG));
        return new OutboxProducer(config, outboxes.openFor(clientId));
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new ValvedConsumer(config, valve);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
