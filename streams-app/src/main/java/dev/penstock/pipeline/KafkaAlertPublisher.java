package dev.penstock.pipeline;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.TargetListener;
import dev.penstock.schemas.Alert;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what operators want to know of targets. They are told of an instance's view, so each instance tells its own. An
 * alert that cannot be written is logged and given up: it must hold up no call.
 */
final class KafkaAlertPublisher implements TargetListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaAlertPublisher.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final String instance;
    private final WireCodec codec = new WireCodec();

    KafkaAlertPublisher(PenstockConfig config, String topic) {
        this.producer = new KafkaProducer<>(settings(config), new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.instance = config.instance().id();
    }

    private static Map<String, Object> settings(PenstockConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(
                ProducerConfig.CLIENT_ID_CONFIG,
                config.applicationId() + "-" + config.instance().id() + "-alerts");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return settings;
    }

    @Override
    public void breaker(String target, String from, String to, Instant at) {
        LOG.atWarn()
                .addKeyValue("target", target)
                .addKeyValue("from", from)
                .addKeyValue("to", to)
                .log("the breaker of a target changed");
        publish(new Alert(at, Alert.Kind.BREAKER, target, null, from, to, "seen by instance " + instance));
    }

    @Override
    public void closed(String target, FailureClass why, Instant until, Instant at) {
        LOG.atWarn()
                .addKeyValue("target", target)
                .addKeyValue("why", why.wireName())
                .addKeyValue("until", until)
                .log("a target is closed until then");
        publish(new Alert(
                at,
                Alert.Kind.GATE,
                target,
                null,
                null,
                why.wireName(),
                "closed until " + until + ", seen by instance " + instance));
    }

    /** Alerts are rare, and whoever calls moves records or makes calls: a broker that is away must not hold it up. */
    private void publish(Alert alert) {
        Thread.ofVirtual().name("alert").start(() -> send(alert));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
    private void send(Alert alert) {
        byte[] key = alert.key().getBytes(StandardCharsets.UTF_8);
        try {
            producer.send(new ProducerRecord<>(topic, key, codec.write(alert)), (written, error) -> {
                if (error != null) {
                    gaveUp(error);
                }
            });
        } catch (RuntimeException e) {
            gaveUp(e);
        }
    }

    private static void gaveUp(Exception error) {
        LOG.atWarn().addKeyValue("why", error.getClass().getSimpleName()).log("an alert could not be written");
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
