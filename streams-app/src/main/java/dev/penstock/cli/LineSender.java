package dev.penstock.cli;

import dev.penstock.pipeline.TenantPartitions;
import dev.penstock.schemas.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Produces lines as they are, each into its tenant's partition. */
final class LineSender implements AutoCloseable {

    private final KafkaClients clients;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final int homeOfTheUnnamed;

    LineSender(KafkaClients clients, String topic) throws CommandFailure {
        this.clients = clients;
        this.topic = topic;
        this.producer = clients.producer();
        try {
            int partitions = producer.partitionsFor(topic).size();
            this.homeOfTheUnnamed = new TenantPartitions(partitions).applyAsInt(Tenant.DEFAULT.name());
        } catch (KafkaException failed) {
            producer.close(clients.answerWithin());
            throw clients.failure(failed);
        }
    }

    /** Waits while the producer's memory is full. The callback runs on the producer's thread. */
    void send(byte[] line, Callback written) throws CommandFailure {
        send(line, null, written);
    }

    /** @param otherwise whose line it is if it names no tenant; null for the default's */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
    void send(byte[] line, @Nullable String otherwise, Callback written) throws CommandFailure {
        Optional<String> tenant = TenantOfLine.read(line).or(() -> Optional.ofNullable(otherwise));
        ProducerRecord<byte[], byte[]> message = tenant.isPresent()
                ? new ProducerRecord<>(topic, tenant.get().getBytes(StandardCharsets.UTF_8), line)
                : new ProducerRecord<>(topic, homeOfTheUnnamed, null, line);
        try {
            producer.send(message, written);
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    /** Returns when every line is written or has failed. */
    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
