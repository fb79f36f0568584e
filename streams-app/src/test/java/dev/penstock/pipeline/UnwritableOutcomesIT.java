package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.PenstockApp;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.OwnBroker;
import dev.penstock.embedded.TwoBrokers;
import dev.penstock.provider.RawServer;
import dev.penstock.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One partition of the outcomes topic loses its only broker for a while; nothing else does. */
@OwnBroker("it needs two, of which one stops")
class UnwritableOutcomesIT {

    private static final int PARTITIONS = 3;
    private static final int PERMITS = 6;
    private static final int UNWRITABLE = 1;
    private static final int EACH = 30;
    private static final String AWAY = "p" + UNWRITABLE + "-away";
    private static final TopicPartition OUTCOMES = new TopicPartition("llm.outcomes", UNWRITABLE);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String OK = RawServer.ok(
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"hi\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}");
    private static final Pattern CUSTOM_ID = Pattern.compile("\"custom_id\":\"([^\"]+)\"");
    private static final Pattern ASKED = Pattern.compile("ask-(p\\d-[a-z]+-\\d+)");

    @TempDir
    Path directory;

    /** Whom the provider was called for. */
    private final Queue<String> called = new ConcurrentLinkedQueue<>();

    private final Map<String, String> ends = new HashMap<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private TwoBrokers brokers;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;

    @BeforeEach
    void connect() throws Exception {
        brokers = TwoBrokers.startFirst(directory);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", brokers.bootstrapServers(),
                        "group.id", "test",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @AfterEach
    void close() {
        consumer.close();
        producer.close();
        brokers.close();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldGoOnElsewhereAndEndEveryRequestOnceWhenThePartitionIsBack() throws Exception {
        try (RawServer server = RawServer.answering(this::answer)) {
            PenstockConfig config = configured(server);
            createTopics(config);
            try (PenstockApp app = start(config)) {
                await().atMost(PATIENCE).until(() -> app.ready().ok());
                consumer.subscribe(List.of("llm.results", "llm.dead-letters"));
                moveToSecond();
                send("warm", 1, 0, UNWRITABLE, 2);
                awaitEnds("warm", 1, 0, UNWRITABLE, 2);

                // Given
                loseSecond();

                // When
                send("away", EACH, UNWRITABLE, 0, 2);

                // Then
                awaitEnds("away", EACH, 0, 2);
                assertThat(paid())
                        .as("as many as were in flight before the first could not be written")
                        .isLessThanOrEqualTo(PERMITS);

                // When
                await().atMost(PATIENCE)
                        .until(() -> unacknowledged() >= PERMITS / PARTITIONS && unacknowledged() == paid());
                long paid = paid();
                send("more", EACH, 0, 2);
                awaitEnds("more", EACH, 0, 2);

                // Then
                assertThat(paid()).isEqualTo(paid);
                assertThat(unacknowledged()).isEqualTo(paid);
                assertThat(ends).noneSatisfy((id, topic) -> assertThat(id).startsWith(AWAY));
                await().atMost(PATIENCE).until(() -> Double.isNaN(lag("llm.outcomes")));
                assertThat(lag("llm.requests")).as("told all the same").isNotNaN();

                // When
                brokers.startSecond();

                // Then
                awaitEnds("away", EACH, UNWRITABLE);
                assertEachCalledOnce();
                await().atMost(PATIENCE).until(() -> unacknowledged() == 0);
            }
        }
    }

    /** What it must read first of that partition cannot even be told: the others must not wait for it. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void shouldBeginElsewhereWhenItStartsWhileThePartitionIsAway() throws Exception {
        try (RawServer server = RawServer.answering(this::answer)) {
            // Given
            PenstockConfig config = configured(server);
            createTopics(config);
            consumer.subscribe(List.of("llm.results", "llm.dead-letters"));
            moveToSecond();
            loseSecond();
            send("away", EACH, UNWRITABLE, 0, 2);

            // When
            try (PenstockApp app = start(config)) {
                // Then
                awaitEnds("away", EACH, 0, 2);
                assertThat(paid()).isZero();
                assertThat(app.ready().ok()).isFalse();

                // When
                brokers.startSecond();

                // Then
                awaitEnds("away", EACH, UNWRITABLE);
                assertEachCalledOnce();
                await().atMost(PATIENCE).until(() -> app.ready().ok());
            }
        }
    }

    private PenstockApp start(PenstockConfig config) throws Exception {
        return PenstockApp.start(config, meters, Tracing.of(Map.of(), "test", "one"), () -> false);
    }

    private void moveToSecond() throws Exception {
        brokers.startSecond();
        brokers.moveToSecond(OUTCOMES);
        await().atMost(PATIENCE).until(() -> brokers.leaderOf(OUTCOMES) == 2);
    }

    private void loseSecond() {
        brokers.stopSecond();
        await().atMost(PATIENCE).until(() -> brokers.leaderOf(OUTCOMES) == -1);
    }

    private void assertEachCalledOnce() {
        assertThat(called).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ends.keySet());
        assertThat(ends.values()).containsOnly("llm.results");
    }

    private PenstockConfig configured(RawServer server) {
        return PenstockConfig.of(
                "kafka.bootstrap.servers=" + brokers.bootstrapServers(),
                "topics.partitions=" + PARTITIONS,
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "dispatch.permits=" + PERMITS,
                "streams.threads=1",
                "instance.state_dir=" + directory.resolve("state"),
                "targets.well.base_url=" + server.baseUrl(),
                "tiers.simple.chain=well",
                "tiers.medium.chain=well",
                "tiers.complex.chain=well",
                "provider.name=well");
    }

    private void createTopics(PenstockConfig config) throws Exception {
        List<NewTopic> topics = new Topics(config.topics().prefix())
                .specs(config.topics()).stream()
                        .map(spec -> new NewTopic(spec.name(), spec.partitions(), spec.replication())
                                .configs(spec.properties()))
                        .toList();
        brokers.admin().createTopics(topics).all().get();
    }

    private boolean answer(String request, OutputStream out, Socket socket) throws IOException {
        Matcher asked = ASKED.matcher(request);
        assertThat(asked.find()).isTrue();
        called.add(asked.group(1));
        out.write(OK.getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private void send(String batch, int each, int... partitions) throws Exception {
        for (int partition : partitions) {
            String tenant = tenantOf(partition);
            for (String id : ids(batch, each, partition).toList()) {
                String value = "{\"custom_id\":\"" + id + "\",\"tenant\":\"" + tenant
                        + "\",\"timeout_ms\":900000,\"body\":{\"model\":\"tier:medium\",\"messages\":"
                        + "[{\"role\":\"user\",\"content\":\"ask-" + id + "\"}]}}";
                producer.send(new ProducerRecord<>(
                                "llm.requests",
                                tenant.getBytes(StandardCharsets.UTF_8),
                                value.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private static Stream<String> ids(String batch, int each, int partition) {
        return IntStream.range(0, each).mapToObj(i -> "p" + partition + "-" + batch + "-" + i);
    }

    private static String tenantOf(int partition) {
        TenantPartitions homes = new TenantPartitions(PARTITIONS);
        return IntStream.range(0, 100)
                .mapToObj(i -> "tenant-" + i)
                .filter(tenant -> homes.applyAsInt(tenant) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** None may end twice. */
    private void awaitEnds(String batch, int each, int... partitions) {
        List<String> expected = IntStream.of(partitions)
                .boxed()
                .flatMap(partition -> ids(batch, each, partition))
                .collect(Collectors.toList());
        await().atMost(PATIENCE).until(() -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                Matcher id = CUSTOM_ID.matcher(new String(record.value(), StandardCharsets.UTF_8));
                assertThat(id.find()).isTrue();
                assertThat(ends.put(id.group(1), record.topic()))
                        .as(id.group(1))
                        .isNull();
            }
            return ends.keySet().containsAll(expected);
        });
    }

    /** Calls of the partition that cannot be written. */
    private long paid() {
        return called.stream().filter(id -> id.startsWith(AWAY)).count();
    }

    private double lag(String topic) {
        return meters.get("penstock.intake.lag.records")
                .tag("topic", topic)
                .gauge()
                .value();
    }

    private long unacknowledged() {
        return (long) meters.get("penstock.outcomes.unacknowledged").gauge().value();
    }
}
