package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.config.ConfigLoader;
import dev.penstock.config.PenstockConfig;
import dev.penstock.embedded.BrokerSettings;
import dev.penstock.embedded.EmbeddedBroker;
import dev.penstock.embedded.OwnBroker;
import dev.penstock.embedded.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands against a broker that asks who they are (SASL, PLAIN). */
@OwnBroker("a broker that asks who its clients are, where containers have listeners that let all in")
class LoginIT {

    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private static EmbeddedBroker broker;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(
                BrokerSettings.temporary()
                        .with(
                                Map.of(
                                        "listener.security.protocol.map",
                                                "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                                        "sasl.enabled.mechanisms", "PLAIN",
                                        "sasl.mechanism.inter.broker.protocol", "PLAIN",
                                        "listener.name.plaintext.plain.sasl.jaas.config",
                                                JAAS
                                                        + "username=\"broker\" password=\"own\" user_broker=\"own\" user_ops=\"right\";")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldBeLetInWithTheRightToken() throws Exception {
        assertThat(run("right", "topics create").exitCode()).isZero();
        assertThat(run("right", "results").exitCode()).isZero();
    }

    static List<String> commands() {
        return List.of(
                "topics create",
                "topics check",
                "send LINES",
                "results",
                "dead-letters list",
                "dead-letters show --id llm.dead-letters-0-0",
                "dead-letters replay --yes",
                "dead-letters export -",
                "import LINES",
                "export --batch BATCH",
                "batch status BATCH",
                "trace x",
                "alerts",
                "tenants list",
                "tenants show acme",
                "tenants set acme POLICY",
                "tenants delete acme",
                "budgets");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldSayInOneLineThatItIsNotLetIn(String command) throws Exception {
        // When
        CapturedRun run = run("canary-wrong", filled(command));

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .hasLineCount(1)
                .startsWith("kafka: not let in: ")
                .doesNotContain("canary-wrong", "Exception");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldSayInOneLineThatNoBrokerAnswers(String command) throws Exception {
        // Given
        String nowhere = "127.0.0.1:" + Ports.free();

        // When
        CapturedRun run = run("right", filled(command) + " --kafka-timeout 150ms --bootstrap-servers " + nowhere);

        // Then
        assertThat(run)
                .isEqualTo(new CapturedRun(
                        1,
                        "",
                        "kafka: no answer from " + nowhere
                                + " in time (expected: a broker that can be reached there)\n"));
    }

    @Test
    void shouldNotStartWhereItIsNotLetIn() throws Exception {
        // Given
        PenstockConfig config = ConfigLoader.load(
                config("canary-wrong"),
                Map.of(),
                List.of(
                        "console.port=0",
                        "console.probes_port=0",
                        "instance.id=one",
                        "instance.state_dir=" + directory.resolve("state")));

        // When / Then
        assertThatThrownBy(() -> RunningApp.start(config))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("kafka: not let in: ")
                .hasMessageNotContainingAny("canary-wrong", "\n");
    }

    /** The words of a command, with files that are there. */
    private String filled(String command) throws Exception {
        String line = "{\"custom_id\":\"a\",\"body\":{\"model\":\"m\",\"messages\":[]}}";
        return command.replace(
                        "LINES",
                        Files.writeString(directory.resolve("a.jsonl"), line).toString())
                .replace(
                        "POLICY",
                        Files.writeString(directory.resolve("policy.json"), "{}")
                                .toString())
                .replace("BATCH", new BatchSigner(Instant.now(), 1).id().toString());
    }

    private CapturedRun run(String password, String command) throws Exception {
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        args.addAll(List.of("--config", config(password).toString()));
        return CapturedRun.of(args.toArray(String[]::new));
    }

    private Path config(String password) throws Exception {
        Path jaas =
                Files.writeString(directory.resolve("jaas"), JAAS + "username=\"ops\" password=\"" + password + "\";");
        return Files.writeString(directory.resolve("penstock.yaml"), """
                topics: {partitions: 1, replication: 1, min_insync_replicas: 1}
                kafka:
                  bootstrap.servers: %s
                  security.protocol: SASL_PLAINTEXT
                  sasl.mechanism: PLAIN
                  sasl.jaas.config: {file: '%s'}
                """.formatted(broker.bootstrapServers(), jaas));
    }
}
