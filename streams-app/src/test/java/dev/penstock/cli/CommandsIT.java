package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.Ports;
import dev.penstock.embedded.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {

    private static TestBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldSayWhichTopicsAreMissingAndMakeThem() {
        // When
        CapturedRun before = run("topics", "check", "made.");
        CapturedRun create = run("topics", "create", "made.");
        CapturedRun after = run("topics", "check", "made.");

        // Then
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(before.err())
                .hasLineCount(11)
                .contains("made.requests: missing (expected: a topic with 3 partitions");
        assertThat(create.exitCode()).isZero();
        assertThat(create.out()).contains("made.outcomes: created\n");
        assertThat(after).isEqualTo(new CapturedRun(0, "11 topics as they must be\n", ""));
    }

    @Test
    void shouldSendEveryLineAsItIs() throws Exception {
        // Given
        run("topics", "create", "sent.");
        String text = "{\"custom_id\":\"a\",\"tenant\":\"acme\"}\n\n not json \u00fc\r\n{\"custom_id\":\"b\"}";
        Path file = Files.writeString(directory.resolve("lines.jsonl"), text);

        // When
        CapturedRun send = run("send", file.toString(), "sent.");

        // Then
        assertThat(send.exitCode()).isZero();
        assertThat(send.err()).startsWith("3 requests written in ");
        List<ConsumerRecord<byte[], byte[]>> messages = read("sent.requests");
        assertThat(messages)
                .extracting(message -> new String(message.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder(
                        "{\"custom_id\":\"a\",\"tenant\":\"acme\"}", " not json \u00fc\r", "{\"custom_id\":\"b\"}");
        assertThat(messages)
                .extracting(message -> message.key() == null ? "" : new String(message.key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("acme", "default", "default");
    }

    @Test
    void shouldRefuseALineThatIsTooLongAndSendTheOthers() throws Exception {
        // Given
        run("topics", "create", "long.");
        Path file = Files.writeString(directory.resolve("long.jsonl"), "x".repeat(3_000_000) + "\n{}\n");

        // When
        CapturedRun send = run("send", file.toString(), "long.");

        // Then
        assertThat(send.exitCode()).isEqualTo(1);
        assertThat(send.err())
                .contains("line 1: 3000000 bytes (expected: at most ")
                .contains("1 requests written")
                .endsWith("1 lines not written\n");
        assertThat(read("long.requests")).hasSize(1);
    }

    @Test
    void shouldPrintResultsAsTheyAreFromTheBeginningOrFromATime() throws Exception {
        // Given
        run("topics", "create", "read.");
        write("read.results", "{\"id\":\"first\"}");

        // When
        CapturedRun all = run("results", "-o", "json", "read.");
        CapturedRun none = run("results", "--since", "2099-01-01T00:00:00Z", "read.");
        CapturedRun table = run("results", "-o", "table", "read.");

        // Then
        assertThat(all).isEqualTo(new CapturedRun(0, "{\"id\":\"first\"}\n", ""));
        assertThat(none.out()).isEmpty();
        assertThat(table.out()).startsWith("CUSTOM_ID ").contains("not a result");
    }

    @Test
    void shouldEscapeWhatATerminalMightObeyInWhatOthersWrote() throws Exception {
        // Given
        run("topics", "create", "hostile.");
        write("hostile.results", "{\"custom_id\":\n\t\"\u009b31m\u202e\u007f \u6c34 \\u001b\"}");
        write("hostile.budgets", "acme|day\u001b", "{\"x\":\"\u009b\"}");
        write("hostile.tenants", "a\u001b[31m", "{\"x\":\"\u001b\"}");

        // When
        CapturedRun results = run("results", "-o", "json", "hostile.");
        CapturedRun budgets = run("budgets", "-o", "json", "hostile.");
        CapturedRun tenants = run("tenants", "list", "hostile.");

        // Then
        assertThat(results.out()).isEqualTo("{\"custom_id\":  \"\\u009b31m\\u202e\\u007f \u6c34 \\u001b\"}\n");
        assertThat(budgets.out()).isEqualTo("{\"x\":\"\\u009b\"}\n");
        assertThat(tenants.out()).isEqualTo("a\\u001b[31m {\"x\":\"\\u001b\"}\n");
    }

    @Test
    void shouldNameABrokerThatIsNotThereAndATopicThatIsMissing() {
        // Given
        String nowhere = "127.0.0.1:" + Ports.free();

        // When
        CapturedRun unreachable = CapturedRun.of("results", "--bootstrap-servers", nowhere, "--kafka-timeout", "500ms");
        CapturedRun unmade =
                CapturedRun.of("topics", "create", "--bootstrap-servers", nowhere, "--kafka-timeout", "500ms");
        CapturedRun unknown = CapturedRun.of("results", "--bootstrap-servers", "nowhere.invalid:9092");
        CapturedRun missing = run("results", "-o", "json", "missing.");

        // Then
        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.err())
                .isEqualTo("kafka: no answer from " + nowhere
                        + " in time (expected: a broker that can be reached there)\n");
        assertThat(unmade).isEqualTo(unreachable);
        assertThat(unknown.err())
                .isEqualTo("kafka: nowhere.invalid:9092: no such host (expected: hosts that have an address)\n");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).startsWith("missing.results: missing on " + broker.bootstrapServers());
    }

    private static CapturedRun run(String command, String option, String prefix) {
        return run(command, option, null, prefix);
    }

    private static CapturedRun run(String command, String option, @Nullable String value, String prefix) {
        List<String> args = new ArrayList<>(List.of(command, option));
        if (value != null) {
            args.add(value);
        }
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

    private static void write(String topic, String value) throws Exception {
        write(topic, "key", value);
    }

    private static void write(String topic, String key, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = clients().producer()) {
            producer.send(new ProducerRecord<>(
                            topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> messages = new ArrayList<>();
        try (TopicReader reader = new TopicReader(clients(), List.of(topic), new TopicReader.Beginning())) {
            while (!reader.caughtUp()) {
                reader.poll(Duration.ofMillis(100)).forEach(messages::add);
            }
        }
        return messages;
    }

    private static KafkaClients clients() {
        return new KafkaClients(PenstockConfig.of("kafka.bootstrap.servers=" + broker.bootstrapServers()));
    }
}
