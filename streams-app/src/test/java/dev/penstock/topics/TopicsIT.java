package dev.penstock.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.KafkaTimeout;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.Ports;
import dev.penstock.embedded.TestBroker;
import dev.penstock.pipeline.TopicSpec;
import dev.penstock.pipeline.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsIT {

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
        admin = admin(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void shouldCreateWhatTheCheckThenAccepts() throws Exception {
        // Given
        List<TopicSpec> specs = specs("made.", 3, 1);

        // When
        TopicCreation.Report report = TopicCreation.create(admin, specs, "broker");

        // Then
        assertThat(report.problems()).isEmpty();
        assertThat(report.created()).hasSize(11).contains("made.requests", "made.redrives");
        assertThat(TopicCheck.check(admin, specs)).isEmpty();
        assertThat(TopicCreation.create(admin, specs, "broker").existing()).hasSize(11);
    }

    @Test
    void shouldNameEveryWrongTopic() throws Exception {
        // Given
        List<TopicSpec> specs = specs("wrong.", 3, 1);
        TopicCreation.create(admin, specs.subList(3, specs.size()), "broker");
        admin.createTopics(List.of(
                        new NewTopic("wrong.requests", 2, (short) 1)
                                .configs(Map.of("max.message.bytes", "2097152", "retention.ms", "-1")),
                        new NewTopic("wrong.results", 3, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();

        await().until(() -> admin.listTopics().names().get().containsAll(List.of("wrong.requests", "wrong.results")));

        // When
        List<String> problems = TopicCheck.check(admin, specs);

        // Then
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "wrong.requests: partitions: 2 (expected: 3, as topics.partitions says)",
                        "wrong.results: max.message.bytes: 1048588 (expected: at least 2097152)",
                        "wrong.results: cleanup.policy: compact (expected: delete)",
                        "wrong.dead-letters: missing (expected: a topic with 3 partitions; penstock topics create makes it)",
                        "wrong.outcomes: retention.ms: 604800000 (expected: at least that of wrong.requests, -1)");
    }

    @Test
    @Timeout(30)
    void shouldNotWaitForPartitionsThatAnExistingTopicLacks() throws Exception {
        // Given
        TopicCreation.create(admin, specs("few.", 1, 1), "broker");

        // When
        TopicCreation.Report report = TopicCreation.create(admin, specs("few.", 3, 1), "broker");

        // Then
        assertThat(report.created()).isEmpty();
        assertThat(report.problems())
                .hasSize(11)
                .contains("few.requests: partitions: 1 (expected: 3, as topics.partitions says)");
    }

    @Test
    void shouldNameAReplicationThatTheClusterCannotHave() throws Exception {
        // When
        TopicCreation.Report report = TopicCreation.create(admin, specs("many.", 1, 3), "broker");

        // Then
        assertThat(report.created()).isEmpty();
        assertThat(report.problems())
                .contains(
                        "many.requests: replication: 3 (expected: at most the number of brokers; topics.replication sets it)");
    }

    @Test
    void shouldSayThatTheBrokerCannotBeReached() throws Exception {
        // Given
        try (Admin nowhere = Admin.create(KafkaTimeout.ofAdmin(
                Map.of("bootstrap.servers", "127.0.0.1:" + Ports.free(), "default.api.timeout.ms", "500")))) {
            // When
            List<String> problems = TopicCheck.check(nowhere, specs("any.", 1, 1), "127.0.0.1:1");

            // Then
            assertThat(problems)
                    .containsExactly(
                            "kafka: no answer from 127.0.0.1:1 in time (expected: a broker that can be reached there)");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 2})
    void shouldSayThatTheBrokerIsTooOld(int newestMetadata) throws Exception {
        // Given
        try (OldBroker old = OldBroker.start(newestMetadata);
                Admin client = admin(old.bootstrapServers())) {
            // When
            List<String> problems = TopicCheck.check(client, specs("any.", 1, 1), "old:9092");

            // Then
            assertThat(problems)
                    .containsExactly("kafka: old:9092 is too old (expected: brokers of Kafka 3.0 or newer)");
        }
    }

    private static List<TopicSpec> specs(String prefix, int partitions, int replication) {
        PenstockConfig config = PenstockConfig.of(
                "topics.partitions=" + partitions, "topics.replication=" + replication, "topics.min_insync_replicas=1");
        return new Topics(prefix).specs(config.topics());
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
    }
}
