package dev.penstock.pipeline;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a stream thread. What the transaction put in the outbox is released once the transaction is committed,
 * and dropped if it was aborted or if nobody knows.
 *
 * <p>If the broker does not answer in time, nobody knows whether the transaction is durable, and the instance ends, to be
 * started again from what is. Kafka Streams would go on: it takes up again only the tasks whose record it was or whose
 * offsets were in the transaction, and may commit the rest of it with the others. A task that only wrote, at a timer, would
 * then wait for a call that was dropped here.
 */
final class OutboxProducer extends KafkaProducer<byte[], byte[]> {

    private final Outbox outbox;

    OutboxProducer(Map<String, Object> config, Outbox outbox) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.outbox = outbox;
    }

    @Override
    public void beginTransaction() {
        super.beginTransaction();
        outbox.begin();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        outbox.commits();
        try {
            super.sendOffsetsToTransaction(offsets, groupMetadata);
        } catch (TimeoutException e) {
            throw undecided(e);
        }
    }

    @Override
    public void commitTransaction() {
        boolean committed = false;
        outbox.commits();
        try {
            super.commitTransaction();
            committed = true;
        } catch (TimeoutException e) {
            throw undecided(e);
        } finally {
            if (committed) {
                outbox.release();
            } else {
                outbox.drop();
            }
        }
    }

    /** An exception that Streams does not take for one to go on after. */
    private static KafkaException undecided(TimeoutException e) {
        return new KafkaException("the broker did not answer in time: what became of the transaction is not known", e);
    }

    @Override
    public void abortTransaction() {
        try {
            super.abortTransaction();
        } finally {
            outbox.drop();
        }
    }

    @Override
    public void close() {
        try {
            super.close();
        } finally {
            outbox.drop();
        }
    }

    @Override
    public void close(Duration timeout) {
        try {
            super.close(timeout);
        } finally {
            outbox.drop();
        }
    }
}
