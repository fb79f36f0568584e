package dev.penstock.pipeline;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.dispatch.OutcomePublisher;
import dev.penstock.schemas.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes with an idempotent producer of its own, outside every transaction: an answer that was paid for is durable
 * as soon as it is written, whoever owns the task by then. It never gives up on a record that the broker may still take. One
 * that it refuses for good leaves its call in doubt, counted and logged; if all others would be refused too, the process
 * ends. One producer writes for all partitions, so what it holds of each is bounded.
 */
final class KafkaOutcomePublisher implements OutcomePublisher, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutcomePublisher.class);

    /** What a partition may gather while the batch before it is under way. */
    private static final int BATCH_BYTES = 256 * 1024;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** Where a partition holds as much that is not acknowledged, its next outcome waits; one more record than this at most. */
    static final long PARTITION_BYTES = 1024 * 1024;

    /**
     * What the producer allocates for one partition at most, with a margin. Two batches that follow each other hold more than
     * one batch could, so twice the bytes of their records, the batch that is being sent and the last one; and the one record
     * above the bound.
     */
    static final long PARTITION_MEMORY = 2 * PARTITION_BYTES + 2 * BATCH_BYTES + RecordSizes.MAX_RECORD_BYTES;

    /** Framing of a record, and of a batch that holds no other. */
    private static final int FRAMING_BYTES = 128;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Consumer<Exception> onFatal;
    private final UnacknowledgedBytes unacknowledged = new UnacknowledgedBytes(PARTITION_BYTES);
    private final LongAdder failed = new LongAdder();
    private final WritableOutcomes outcomes = new WritableOutcomes();

    private volatile boolean closing;

    /** @param onFatal is given an error after which no outcome can be written */
    KafkaOutcomePublisher(PenstockConfig config, String topic, Consumer<Exception> onFatal) {
        this(
                new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer()),
                topic,
                onFatal);
    }

    KafkaOutcomePublisher(Producer<byte[], byte[]> producer, String topic, Consumer<Exception> onFatal) {
        this.producer = producer;
        this.topic = topic;
        this.onFatal = onFatal;
    }

    static Map<String, Object> settings(PenstockConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(
                ProducerConfig.CLIENT_ID_CONFIG,
                config.applicationId() + "-" + config.instance().id() + "-outcomes");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        // A broker takes the first batch that it sees of a producer, whatever its number. If it sends the very first
        // one
        // back, as it does just after its start, and takes the second, the first is out of order for ever: the
        // partition
        // stands still, as nothing here gives up. So there is no second one under way.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes(config.topics().partitions()));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordSizes.MAX_RECORD_BYTES);
        return settings;
    }

    /**
     * What the producer may hold for all partitions; it allocates what it needs. Twice as much as it would need if no partition
     * at all could be written: its memory is never full, so no outcome waits there for those of another partition.
     */
    static long bufferBytes(int partitions) {
        return 2L * partitions * PARTITION_MEMORY;
    }

    @Override
    public void publish(int partition, Outcome outcome, Receipt receipt) {
        byte[] key = outcome.tenant().getBytes(StandardCharsets.UTF_8);
        byte[] value = outcomes.bytesOf(outcome);
        int bytes = key.length + value.length + FRAMING_BYTES;
        if (!unacknowledged.take(partition, bytes)) {
            receipt.failed();
            return;
        }
        send(new ProducerRecord<>(topic, partition, key, value), new Sending(partition, bytes, outcome, receipt));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure that is not thrown
    private void send(ProducerRecord<byte[], byte[]> record, Sending sending) {
        try {
            producer.send(record, (place, error) -> sending.ended(error));
        } catch (RuntimeException e) {
            sending.ended(e);
        } catch (Error e) {
            sending.left();
            throw e;
        }
    }

    /** One outcome in the hands of the producer. */
    private final class Sending {

        private final int partition;
        private final int bytes;
        private final String requestId;
        private final Receipt receipt;
        private final AtomicBoolean here = new AtomicBoolean(true);

        Sending(int partition, int bytes, Outcome outcome, Receipt receipt) {
            this.partition = partition;
            this.bytes = bytes;
            this.requestId = outcome.requestId();
            this.receipt = receipt;
        }

        void ended(@Nullable Exception error) {
            left();
            if (error == null) {
                receipt.written();
            } else {
                refused(requestId, error);
                receipt.failed();
            }
        }

        /** The producer holds its bytes no more. */
        void left() {
            if (here.compareAndSet(true, false)) {
                unacknowledged.release(partition, bytes);
            }
        }
    }

    private void refused(String requestId, Exception error) {
        if (closing) {
            return;
        }
        failed.increment();
        LOG.atError()
                .addKeyValue("request_id", requestId)
                .addKeyValue("exception", error.getClass().getName())
                .log("the outcome of a call cannot be written; the call will be in doubt");
        if (!(error instanceof RecordTooLargeException)) {
            onFatal.accept(error);
        }
    }

    @Override
    public boolean hasRoom(int partition) {
        return unacknowledged.hasRoom(partition);
    }

    /** Bytes of outcomes that the producer holds. */
    long unacknowledgedBytes() {
        return unacknowledged.total();
    }

    /** Outcomes that the broker refused for good. */
    long failed() {
        return failed.sum();
    }

    /** Waits until everything handed over is written, but not for a broker that does not come back. */
    void flush(Duration patience) throws InterruptedException {
        Thread flush = Thread.ofVirtual().name("outcomes-flush").start(producer::flush);
        if (!flush.join(patience)) {
            LOG.warn("the broker did not take every outcome in time: calls without one will be in doubt");
        }
    }

    /** What is not written by then fails; its calls are in doubt. */
    @Override
    public void close() {
        closing = true;
        unacknowledged.close();
        producer.close(CLOSE_PATIENCE);
    }
}
