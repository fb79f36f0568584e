package dev.penstock.pipeline;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of a stream thread. What the transaction put in the outbox is released once the transaction is committed,
 * and dropped if it was aborted or if nobody knows.
 */
final class OutboxProducer extends KafkaProducer<byte[], byte[]> {

    private final Outbox outbox;

    OutboxProducer(Map<String, Object> config, Outbox outbox) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.outbox = outbox;
    }

    @Override
    public void commitTransaction() {
        boolean committed = false;
        try {
            super.commitTransaction();
            committed = true;
        } finally {
            if (committed) {
                outbox.release();
            } else {
                outbox.drop();
            }
        }
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
