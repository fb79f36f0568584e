package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.PenstockApp;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.TestBroker;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** A provider that answers what no provider should: every request ends once, and all that its call held is free again. */
class OddRepliesIT {

    private static final int EACH = 10;
    private static final List<String> KINDS = List.of("status-999", "reset", "headers", "continue", "hints", "plain");
    private static final String OK = RawServer.ok(
            "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"hi\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}");
    private static final Pattern CUSTOM_ID = Pattern.compile("\"custom_id\":\"([^\"]+)\"");

    @TempDir
    Path state;

    @Test
    void shouldEndEveryRequestOnceWhateverIsAnswered() throws Exception {
        try (TestBroker broker = TestBroker.start();
                RawServer server = RawServer.answering(OddRepliesIT::answer)) {
            // Given
            PenstockConfig config = PenstockConfig.of(
                    "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                    "topics.partitions=2",
                    "topics.replication=1",
                    "topics.min_insync_replicas=1",
                    "instance.state_dir=" + state,
                    "targets.odd.base_url=" + server.baseUrl(),
                    "targets.well.base_url=" + server.baseUrl(),
                    "tiers.simple.chain=odd",
                    "tiers.medium.chain=well",
                    "tiers.complex.chain=well",
                    "provider.name=well",
                    "retry.max_billed_attempts=1",
                    "breaker.open_for=1s",
                    "breaker.ramp_up=0s");
            createTopics(config);
            MeterRegistry meters = new SimpleMeterRegistry();
            try (PenstockApp app =
                    PenstockApp.start(config, meters, Tracing.of(Map.of(), "test", "one"), () -> false)) {
                await().atMost(Duration.ofMinutes(3)).until(() -> app.ready().ok());

                // When
                produce(broker);

                // Then
                Map<String, String> ends = ends(broker);
                assertThat(ends).hasSize(EACH * KINDS.size());
                ends.forEach((id, topic) -> {
                    if (!id.startsWith("status-999") && !id.startsWith("reset")) {
                        assertThat(topic).as(id).isEqualTo("llm.results");
                    }
                });
                await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                    assertThat(meters.get("penstock.calls.in.flight").gauge().value())
                            .isZero();
                    assertThat(meters.get("penstock.outcomes.unacknowledged")
                                    .gauge()
                                    .value())
                            .isZero();
                    assertThat(meters.get("penstock.target.concurrency.used").gauges())
                            .hasSize(2)
                            .allSatisfy(places -> assertThat(places.value()).isZero());
                });
            }
        }
    }

    private static boolean answer(String request, OutputStream out, Socket socket) throws IOException {
        String kind = KINDS.stream().filter(request::contains).findFirst().orElseThrow();
        String reply = switch (kind) {
            case "status-999" -> "HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n";
            case "headers" -> OK.replaceFirst("\r\n", "\r\n" + headers());
            case "continue" -> "HTTP/1.1 100 Continue\r\n\r\n" + OK;
            case "hints" -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK;
            case "plain" -> OK;
            default -> "";
        };
        if (reply.isEmpty()) {
            socket.setSoLinger(true, 0);
            socket.close();
            return false;
        }
        out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private static String headers() {
        StringBuilder headers = new StringBuilder();
        for (int header = 0; header < 20; header++) {
            headers.append("X-Odd-")
                    .append(header)
                    .append(": ")
                    .append("y".repeat(1024))
                    .append("\r\n");
        }
        return headers.toString();
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
            for (int i = 0; i < EACH; i++) {
                for (String kind : KINDS) {
                    boolean fails = kind.equals("status-999") || kind.equals("reset");
                    String value = "{\"custom_id\":\"" + kind + "-" + i + "\",\"tenant\":\"t-" + i % 3
                            + "\",\"timeout_ms\":60000,\"body\":{\"model\":\"tier:" + (fails ? "simple" : "medium")
                            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + kind + " " + i + "\"}]}}";
                    producer.send(new ProducerRecord<>("llm.requests", null, value.getBytes(StandardCharsets.UTF_8)))
                            .get();
                }
            }
        }
    }

    /** Where each request ended, by its custom_id; none may end twice. */
    private static Map<String, String> ends(TestBroker broker) {
        Map<String, String> ends = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "test",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("llm.results", "llm.dead-letters"));
            await().atMost(Duration.ofMinutes(3)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Matcher id = CUSTOM_ID.matcher(new String(record.value(), StandardCharsets.UTF_8));
                    assertThat(id.find()).isTrue();
                    assertThat(ends.put(id.group(1), record.topic()))
                            .as(id.group(1))
                            .isNull();
                }
                return ends.size() >= EACH * KINDS.size();
            });
        }
        return ends;
    }
}
