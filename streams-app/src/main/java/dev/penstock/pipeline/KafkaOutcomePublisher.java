package dev.penstock.pipeline;

import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.dispatch.OutcomePublisher;
import dev.penstock.schemas.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes with an idempotent producer of its own, outside every transaction: an answer that was paid for is durable
 * as soon as it is written, whoever owns the task by then. It never gives up on a record; an error that cannot be retried is
 * the end of the process, or the answer would be lost without a trace.
 */
final class KafkaOutcomePublisher implements OutcomePublisher, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaOutcomePublisher.class);

    /** What a partition may gather while the batch before it is under way. */
    private static final int BATCH_BYTES = 256 * 1024;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Consumer<Exception> onFatal;
    private final WritableOutcomes outcomes = new WritableOutcomes();

    /** @param onFatal is told of an outcome that can never be written */
    KafkaOutcomePublisher(PenstockConfig config, String topic, Consumer<Exception> onFatal) {
        this.producer = new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer());
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
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordSizes.MAX_RECORD_BYTES);
        return settings;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
    public void publish(int partition, Outcome outcome, Runnable written) {
        byte[] key = outcome.tenant().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(topic, partition, key, outcomes.bytesOf(outcome)), (place, error) -> {
                if (error == null) {
                    written.run();
                } else {
                    onFatal.accept(error);
                }
            });
        } catch (RuntimeException e) {
            onFatal.accept(e);
        }
    }

    /** Waits until everything handed over is written, but not for a broker that does not come back. */
    void flush(Duration patience) throws InterruptedException {
        Thread flush = Thread.ofVirtual().name("outcomes-flush").start(producer::flush);
        if (!flush.join(patience)) {
            LOG.warn("the broker did not take every outcome in time: calls without one will be in doubt");
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
