package dev.penstock.cli;

import dev.penstock.schemas.Tenant;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Produces lines as they are, each into its tenant's partition. */
final class LineSender implements AutoCloseable {

    private static final int MAX_SHOWN = 60;

    private final KafkaClients clients;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    LineSender(KafkaClients clients, String topic) throws CommandFailure {
        this.clients = clients;
        this.topic = topic;
        this.producer = clients.producer();
        try {
            producer.partitionsFor(topic);
        } catch (KafkaException failed) {
            producer.close(clients.answerWithin());
            throw clients.failure(failed);
        }
    }

    /** Waits while the producer's memory is full. The callback runs on the producer's thread. */
    void send(byte[] line, Callback written) throws CommandFailure {
        send(line, Tenant.DEFAULT.name(), written);
    }

    /** @param otherwise whose line it is if it names no tenant */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
    void send(byte[] line, String otherwise, Callback written) throws CommandFailure {
        String tenant = TenantOfLine.read(line).orElse(otherwise);
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(topic, tenant.getBytes(StandardCharsets.UTF_8), line);
        sign(message, tenant);
        try {
            producer.send(message, written);
        } catch (KafkaException failed) {
            throw clients.failure(failed);
        }
    }

    private void sign(ProducerRecord<byte[], byte[]> message, String tenant) throws CommandFailure {
        TenantSignatures signatures = clients.signatures();
        if (!signatures.cover(tenant)) {
            return;
        }
        if (!signatures.canSign()) {
            throw CommandFailure.failed("tenant " + Cell.escaped(tenant, MAX_SHOWN)
                    + ": its requests must be signed (expected: intake.signature_key at hand)");
        }
        byte[] signature = signatures.sign(tenant, "", message.value()).getBytes(StandardCharsets.US_ASCII);
        message.headers().add(HeaderNames.TENANT_SIGNATURE, signature);
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
