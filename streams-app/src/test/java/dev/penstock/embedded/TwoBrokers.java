package dev.penstock.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A broker that is the controller too, and a second one that comes and goes: what only that one holds has no leader meanwhile. */
public final class TwoBrokers implements AutoCloseable {

    private static final int SECOND = 2;

    private final Path secondData;
    private final int controllerPort = Ports.free();
    private final int secondPort = Ports.free();
    private final EmbeddedBroker first;
    private final Admin admin;
    private @Nullable EmbeddedBroker second;

    private TwoBrokers(Path directory) throws Exception {
        int port = Ports.free();
        this.secondData = directory.resolve("second");
        this.first = EmbeddedBroker.start(new BrokerSettings(port, directory.resolve("first"))
                .with(Map.of(
                        "controller.quorum.voters",
                        voters(),
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort)));
        this.admin = Admin.create(Map.of("bootstrap.servers", first.bootstrapServers()));
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(SECOND)
                .setClusterId(admin.describeCluster().clusterId().get())
                .setDirectories(List.of(secondData.toString()))
                .setMetadataLogDirectory(secondData.toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                .run();
    }

    /** Only the first runs; whatever is created now is there. */
    public static TwoBrokers startFirst(Path directory) throws Exception {
        return new TwoBrokers(directory);
    }

    private String voters() {
        return BrokerProperties.NODE_ID + "@127.0.0.1:" + controllerPort;
    }

    /** That of the broker that stays. */
    public String bootstrapServers() {
        return first.bootstrapServers();
    }

    public Admin admin() {
        return admin;
    }

    /** Starts the second, on the data that it has. */
    public void startSecond() throws BrokerStartException {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker");
        properties.put("node.id", Integer.toString(SECOND));
        properties.put("controller.quorum.voters", voters());
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + secondPort);
        second = EmbeddedBroker.start(new BrokerSettings(secondPort, secondData).with(properties));
    }

    /** Stops the second in order: nothing else takes over what it holds. */
    public void stopSecond() {
        if (second != null) {
            second.close();
            second = null;
        }
    }

    /** Has a partition held by the second alone; see {@link #leaderOf} for when that is done. */
    public void moveToSecond(TopicPartition partition) throws Exception {
        admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(SECOND)))))
                .all()
                .get();
    }

    /** The number of the broker that leads a partition; -1 if none does. */
    public int leaderOf(TopicPartition partition) throws Exception {
        TopicDescription topic = Objects.requireNonNull(admin.describeTopics(List.of(partition.topic()))
                .allTopicNames()
                .get()
                .get(partition.topic()));
        return topic.partitions().stream()
                .filter(info -> info.partition() == partition.partition())
                .map(info -> info.leader() == null || info.leader().isEmpty()
                        ? -1
                        : info.leader().id())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        admin.close();
        stopSecond();
        first.close();
    }
}
