package dev.penstock.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OwnBroker("it is about that broker")
class EmbeddedBrokerIT {

    private static final long TIMEOUT_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void shouldTakeRequestsOnAFreePortAndKeepItsData() throws Exception {
        // Given
        Path data = directory.resolve("data");
        int port;
        try (EmbeddedBroker broker = EmbeddedBroker.start(new BrokerSettings(0, data))) {
            port = broker.port();
            createTopic(broker.bootstrapServers(), "kept");
        }

        // When
        try (EmbeddedBroker again = EmbeddedBroker.start(new BrokerSettings(port, data))) {
            // Then
            assertThat(topics(again.bootstrapServers())).contains("kept");
            assertThat(again.port()).isEqualTo(port);
        }
    }

    @Test
    void shouldSurviveAKill() throws Exception {
        // Given
        Path data = directory.resolve("killed");
        int port;
        try (BrokerProcess broker = BrokerProcess.start(0, data)) {
            port = broker.port();
            createTopic(broker.bootstrapServers(), "survivor");
            broker.kill();
        }

        // When
        try (BrokerProcess again = BrokerProcess.start(port, data)) {
            // Then
            assertThat(topics(again.bootstrapServers())).contains("survivor");
        }
    }

    @Test
    void shouldDeleteATemporaryDirectory() throws Exception {
        // Given
        DataDirectory temporary = DataDirectory.open(null);
        Files.writeString(temporary.path().resolve("file"), "x");

        // When
        temporary.close();

        // Then
        assertThat(temporary.path()).doesNotExist();
    }

    @Test
    void shouldNameAPortThatIsInUse() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerSettings settings = new BrokerSettings(taken.getLocalPort(), directory);

            // When / Then
            assertThatThrownBy(() -> EmbeddedBroker.start(settings))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessage("kafka port: " + taken.getLocalPort()
                            + " is in use on 127.0.0.1 (expected: a free port, or 0 for any)");
        }
    }

    private static void createTopic(String bootstrapServers, String name) throws Exception {
        try (Admin admin = admin(bootstrapServers)) {
            admin.createTopics(List.of(new NewTopic(name, 2, (short) 1))).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Set<String> topics(String bootstrapServers) throws InterruptedException, ExecutionException {
        try (Admin admin = admin(bootstrapServers)) {
            return admin.listTopics().names().get();
        }
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
    }
}
