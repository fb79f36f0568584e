package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.PenstockApp;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.TestBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.tracing.OtlpReceiver;
import dev.penstock.tracing.SentSpan;
import dev.penstock.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, on a real broker and over real HTTP. */
class PipelineIT {

    private static final int REQUESTS = 500;
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACE = "00-" + TRACE_ID + "-b7ad6b7169203331-01";

    @TempDir
    Path state;

    @Test
    void shouldTurnEveryRequestIntoOneResult() throws Exception {
        try (TestBroker broker = TestBroker.start();
                FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults());
                OtlpReceiver spans = OtlpReceiver.start()) {
            // Given
            PenstockConfig config = PenstockConfig.of(
                    "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                    "topics.partitions=4",
                    "topics.replication=1",
                    "topics.min_insync_replicas=1",
                    "instance.state_dir=" + state,
                    "provider.base_url=" + fake.baseUrl());
            createTopics(config);
            MeterRegistry meters = new SimpleMeterRegistry();
            Tracing tracing = Tracing.of(spans.environment(), "test", "one");
            try (PenstockApp app = PenstockApp.start(config, meters, tracing, () -> false)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> app.ready().ok());

                // When
                produce(broker);

                // Then
                Set<String> seen = consume(broker);
                assertThat(seen).hasSize(REQUESTS);
                assertThat(fake.callLog().counts().received()).isEqualTo(REQUESTS);
                assertThat(meters.get("penstock.ready").gauge().value()).isOne();
                assertThat(meters.get("penstock.usage.tokens")
                                .tags("status", "billed", "type", "output")
                                .counter()
                                .count())
                        .isPositive();
                assertThat(meters.get("kafka.stream.alive.stream.threads")
                                .gauge()
                                .value())
                        .isPositive();
                assertThat(meters.get("kafka.stream.thread.process.total")
                                .functionCounter()
                                .count())
                        .isGreaterThan(REQUESTS);
            }
            assertOneTree(spans.spans());
            produce(broker);
            assertThat(lagOf(config)).as("what nobody takes in").isEqualTo(REQUESTS);
        }
    }

    /** Each request is a child of what it came with, and its call a child of it. */
    private static void assertOneTree(List<SentSpan> spans) {
        Set<String> requests = spans.stream()
                .filter(span -> span.name().equals("process llm.requests"))
                .filter(span -> span.parentId().equals("b7ad6b7169203331"))
                .map(SentSpan::spanId)
                .collect(Collectors.toSet());
        assertThat(requests).hasSize(REQUESTS);
        assertThat(spans.stream().filter(span -> span.name().equals("chat m")))
                .hasSize(REQUESTS)
                .allMatch(call -> requests.contains(call.parentId()));
        assertThat(spans).allMatch(span -> span.traceId().equals(TRACE_ID));
    }

    private static double lagOf(PenstockConfig config) throws InterruptedException {
        String requests = new Topics(config.topics().prefix()).requests();
        try (IntakeLag lag = new IntakeLag(
                Admin.create(Map.copyOf(config.kafka())),
                config.applicationId(),
                Set.of(requests),
                () -> Set.of(0, 1, 2, 3))) {
            lag.look();
            return lag.records(requests);
        }
    }

    private static void createTopics(PenstockConfig config) throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
            List<NewTopic> topics = new Topics(config.topics().prefix())
                    .specs(config.topics()).stream()
                            .map(spec -> new NewTopic(spec.name(), spec.partitions(), spec.replication())
                                    .configs(spec.properties()))
                            .toList();
            admin.createTopics(topics).all().get();
        }
    }

    private static void produce(TestBroker broker) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < REQUESTS; i++) {
                String value = "{\"custom_id\":\"c-" + i + "\",\"tenant\":\"t-" + i % 7
                        + "\",\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi " + i
                        + "\"}]}}";
                ProducerRecord<byte[], byte[]> request =
                        new ProducerRecord<>("llm.requests", null, value.getBytes(StandardCharsets.UTF_8));
                request.headers().add("traceparent", TRACE.getBytes(StandardCharsets.UTF_8));
                producer.send(request).get();
            }
        }
    }

    private static Set<String> consume(TestBroker broker) {
        Set<String> seen = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "test",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("llm.results", "llm.dead-letters", "llm.usage"));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    assertThat(new String(
                                    record.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8))
                            .isEqualTo(TRACE);
                    if (record.topic().equals("llm.usage")) {
                        continue;
                    }
                    assertThat(record.topic()).isEqualTo("llm.results");
                    assertThat(seen.add(record.partition() + "-" + record.offset()))
                            .isTrue();
                }
                return seen.size() >= REQUESTS;
            });
        }
        return seen;
    }
}
