package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A real broker, and commands that run against it, each test with a topic prefix of its own. */
final class CommandsRig implements AutoCloseable {

    private final TestBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    private CommandsRig(TestBroker broker) throws CommandFailure {
        this.broker = broker;
        this.producer = clients(broker).producer();
    }

    static CommandsRig start() throws Exception {
        return new CommandsRig(TestBroker.start());
    }

    /** Makes the topics of a prefix. */
    void topics(String prefix) {
        CapturedRun made = run(prefix, "topics", "create");
        if (made.exitCode() != 0) {
            throw new IllegalStateException(made.err());
        }
    }

    CapturedRun run(String prefix, String... words) {
        List<String> args = new ArrayList<>(List.of(words));
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        for (String set : List.of(
                "topics.prefix=" + prefix,
                "topics.partitions=3",
                "topics.replication=1",
                "topics.min_insync_replicas=1")) {
            args.addAll(List.of("--set", set));
        }
        return CapturedRun.of(args.toArray(String[]::new));
    }

    /** Writes one record and says where it is: topic-partition-offset. */
    String write(String topic, @Nullable String key, byte @Nullable [] value, Map<String, String> headers)
            throws Exception {
        var message = new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(UTF_8)));
        var written = producer.send(message).get();
        return written.topic() + "-" + written.partition() + "-" + written.offset();
    }

    List<ConsumerRecord<byte[], byte[]>> read(String topic) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>();
        try (TopicReader reader = new TopicReader(clients(), List.of(topic), new TopicReader.Beginning())) {
            while (!reader.caughtUp()) {
                reader.poll(Duration.ofMillis(100)).forEach(messages::add);
            }
        }
        return messages;
    }

    /** Waits for that many: the marker that ends a transaction reaches the partitions a little after the commit. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        return await().atMost(Duration.ofSeconds(30)).until(() -> read(topic), messages -> messages.size() >= count);
    }

    KafkaClients clients() {
        return clients(broker);
    }

    private static KafkaClients clients(TestBroker broker) {
        return new KafkaClients(PenstockConfig.of("kafka.bootstrap.servers=" + broker.bootstrapServers()));
    }

    String servers() {
        return broker.bootstrapServers();
    }

    static String header(ConsumerRecord<byte[], byte[]> message, String name) {
        var header = message.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
