package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Mistakes that are found at the start: one line that names them, an exit code, and nothing half-started. */
@Execution(ExecutionMode.CONCURRENT)
class StartMistakesIT {

    private static final Pattern JVM_OF_NO_NATIVES = Pattern.compile("^(NOTE: Picked up|WARNING: java.io.tmpdir)");

    @TempDir
    Path directory;

    @Test
    void shouldNameEachMistake() throws IOException, InterruptedException, ExecutionException {
        // Given
        try (Rig rig = Rig.start("mistakes")) {
            RigTopics other = RigTopics.of("mistakes-other.");
            other.create(rig.bootstrap());
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.bootstrap()))) {
                admin.createPartitions(
                                Map.of(other.names().requests(), NewPartitions.increaseTo(RigTopics.PARTITIONS + 1)))
                        .all()
                        .get();
            }

            // When
            Child unknownKey = rig.launchUnsupervised(rig.spec("unknown-key").with("dispatch.permitz", "1"));
            Child missingTopic =
                    rig.launchUnsupervised(rig.spec("missing-topic").with("topics.prefix", "nowhere."));
            Child partitions = rig.launchUnsupervised(
                    rig.spec("partitions").with("topics.prefix", other.names().prefix()));
            String nobody = "127.0.0.1:" + Ports.free();
            Child noBroker = rig.launchUnsupervised(rig.spec("no-broker")
                    .with("kafka.bootstrap.servers", nobody)
                    .with("kafka.default.api.timeout.ms", "2000")
                    .with("streams.start_patience", "0s"));
            Child noHost = rig.launchUnsupervised(
                    rig.spec("no-host").with("kafka.bootstrap.servers", "no-such-host.invalid:9092"));
            Path secret = Files.writeString(directory.resolve("secret"), "CANARY");
            Child badProperty = rig.launchUnsupervised(
                    rig.spec("bad-property").with("kafka.num.standby.replicas", "{file: " + secret + "}"));
            Child noDirectory =
                    rig.launchUnsupervised(rig.spec("no-directory").with("instance.state_dir", "/dev/null/state"));
            Child noNatives = rig.launchUnsupervised(rig.spec("no-natives")
                    .withEnvironment(Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=/dev/null/natives")));

            // Then
            assertRefused(unknownKey, "dispatch.permitz");
            assertRefused(missingTopic, "nowhere.requests");
            assertRefused(partitions, other.names().requests());
            assertRefused(noBroker, nobody);
            assertRefused(noHost, "no-such-host.invalid");
            assertRefused(badProperty, "num.standby.replicas");
            assertThat(badProperty.output()).doesNotContain("CANARY");
            assertRefused(noDirectory, "/dev/null/state");
            assertRefused(noNatives, "/dev/null/natives");
        }
    }

    /** A broker that is away is no mistake: the start waits for it, and ends in order when it is told to. */
    @Test
    void shouldWaitForABrokerUntilItIsStopped() {
        // Given
        try (Rig rig = Rig.start("no-broker-yet")) {
            Child waits = rig.launchUnsupervised(rig.spec("waits")
                    .with("kafka.bootstrap.servers", "127.0.0.1:" + Ports.free())
                    .with("kafka.default.api.timeout.ms", "1000"));
            await().atMost(Limits.START).until(() -> waits.output().contains("no broker answers; the start waits"));

            // When
            waits.signal(Signal.TERM);
            int exit = waits.awaitExit(Limits.START);

            // Then
            assertThat(exit).isZero();
            assertThat(waits.output())
                    .doesNotContain("(expected: a broker that can be reached there)\n", "level=ERROR");
        }
    }

    private static void assertRefused(Child child, String named) {
        assertThat(child.awaitExit(Limits.START)).as(child.name()).isNotZero();
        assertThat(child.output()).as("its line is not lost among others").doesNotContain("level=WARN", "level=ERROR");
        List<String> said = child.output()
                .lines()
                .filter(line -> !line.startsWith("ts="))
                .filter(line -> !JVM_OF_NO_NATIVES.matcher(line).find())
                .toList();
        assertThat(said)
                .as(child.name())
                .allMatch(line -> line.contains("(expected: ") || line.contains("(did you mean "))
                .filteredOn(line -> line.contains(named))
                .hasSize(1);
    }
}
