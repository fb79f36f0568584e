package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.PenstockApp;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.TestBroker;
import dev.penstock.guarantees.Checker;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.HistoryRecorder;
import dev.penstock.guarantees.Message;
import dev.penstock.guarantees.NoCrossTenant;
import dev.penstock.guarantees.OneTerminalPerRequest;
import dev.penstock.guarantees.Position;
import dev.penstock.guarantees.Role;
import dev.penstock.guarantees.Violation;
import dev.penstock.provider.RawServer;
import dev.penstock.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * Two tenants, ten thousand requests, and a provider that answers too much, too late, in wrong lengths, with redirects, or not
 * to the end: no answer reaches another tenant.
 *
 * <p>Half of the requests go to a target that is trusted to keep its connections in order, and half to one that is not: only the
 * second one sends whole answers late, in the midst of other calls, which nobody can tell from answers to those.
 */
class CrossedAnswersIT {

    private static final int REQUESTS = 10_000;
    private static final List<String> TENANTS = List.of("acme", "globex");
    private static final Map<Role, String> TOPICS = new EnumMap<>(
            Map.of(Role.REQUESTS, "llm.requests", Role.RESULTS, "llm.results", Role.DEAD_LETTERS, "llm.dead-letters"));
    private static final Pattern PROMPT = Pattern.compile("\"content\":\"([^\"]+)\"");

    @TempDir
    Path state;

    private final Random random = new Random(Long.getLong("penstock.seed", 42));

    @Test
    void shouldGiveNoTenantTheAnswerToAnothersRequest() throws Exception {
        try (TestBroker broker = TestBroker.start();
                RawServer tidy = RawServer.answering((request, out, socket) -> answer(request, out, false));
                RawServer wild = RawServer.answering((request, out, socket) -> answer(request, out, true))) {
            // Given
            PenstockConfig config = config(broker, tidy, wild);
            createTopics(config);
            try (PenstockApp app = PenstockApp.start(
                    config, new SimpleMeterRegistry(), Tracing.of(Map.of(), "test", "one"), () -> false)) {
                await().atMost(Duration.ofMinutes(3)).until(() -> app.ready().ok());

                // When
                produce(broker);
                HistoryRecorder seen = observe(broker);

                // Then
                List<Violation> violations = new Checker(List.of(
                                () -> new NoCrossTenant(asked -> answerTo(asked.prompt())), OneTerminalPerRequest::new))
                        .judge(seen.history());
                assertThat(violations.stream().limit(20))
                        .as("%d violations", violations.size())
                        .isEmpty();
                assertThat(results(seen)).isGreaterThan(REQUESTS / 3);
                assertThat(tidy.connections()).isLessThan(REQUESTS / 2);
                assertThat(wild.connections()).isGreaterThanOrEqualTo(REQUESTS / 2);
            }
        }
    }

    private PenstockConfig config(TestBroker broker, RawServer tidy, RawServer wild) {
        return PenstockConfig.of(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "topics.partitions=2",
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.state_dir=" + state,
                "dispatch.permits=64",
                "targets.tidy.base_url=" + tidy.baseUrl(),
                "targets.wild.base_url=" + wild.baseUrl(),
                "targets.wild.connections.per_call=fresh",
                "tiers.simple.chain=tidy",
                "tiers.medium.chain=wild",
                "tiers.complex.chain=wild",
                "retry.max_billed_attempts=1",
                "breaker.consecutive_failures=1000",
                "breaker.failure_rate_percent=100");
    }

    /** What is after each answer is another answer to the same text, so whoever gets it has another's. */
    private boolean answer(String request, OutputStream out, boolean late) throws IOException {
        Matcher prompt = PROMPT.matcher(request);
        String body = body(prompt.find() ? prompt.group(1) : "nothing");
        String answer = RawServer.ok(body);
        int kind;
        synchronized (random) {
            kind = random.nextInt(12);
        }
        return switch (kind) {
            case 0 -> send(out, answer + answer);
            case 1 -> send(out, "HTTP/1.1 307 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n" + answer);
            case 2 -> send(out, "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}" + answer);
            case 3 -> send(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" + answer);
            case 4 -> send(out, chunked(body) + answer);
            case 5 -> !send(out, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body);
            case 6 -> send(out, answer) && send(out, late ? answer : "late");
            default -> send(out, answer);
        };
    }

    private static String chunked(String body) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                + body + "\r\n0\r\n\r\n";
    }

    private static String body(String prompt) {
        return "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"" + answerTo(prompt)
                + "\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
    }

    private static String answerTo(String prompt) {
        return "answer to " + prompt;
    }

    private static boolean send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return true;
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
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < REQUESTS; i++) {
                String tenant = TENANTS.get(i % TENANTS.size());
                String tier = i % 4 < 2 ? "simple" : "medium";
                String value = "{\"custom_id\":\"q-" + i + "\",\"timeout_ms\":300000,\"body\":{\"model\":\"tier:" + tier
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + tenant + " asks " + i + "\"}]}}";
                sent.add(producer.send(new ProducerRecord<>("llm.requests", bytes(tenant), bytes(value))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads all topics until every request has an end. */
    private static HistoryRecorder observe(TestBroker broker) {
        HistoryRecorder seen = new HistoryRecorder();
        AtomicInteger ends = new AtomicInteger();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "test",
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(TOPICS.values());
            await().atMost(Duration.ofMinutes(5)).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    seen.add(observed(record));
                    ends.addAndGet(record.topic().equals(TOPICS.get(Role.REQUESTS)) ? 0 : 1);
                }
                return ends.get() >= REQUESTS;
            });
        }
        return seen;
    }

    private static Event observed(ConsumerRecord<byte[], byte[]> record) {
        Role role = TOPICS.entrySet().stream()
                .filter(topic -> topic.getValue().equals(record.topic()))
                .findFirst()
                .orElseThrow()
                .getKey();
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new Event.Observed(
                role,
                new Position(record.topic(), record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                Message.of(record.key(), record.value(), headers));
    }

    private static long results(HistoryRecorder seen) {
        return seen.history().events().stream()
                .filter(event -> event instanceof Event.Observed observed && observed.role() == Role.RESULTS)
                .count();
    }
}
