package dev.penstock.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The broker's configuration: one node, one copy of everything, no waiting, small buffers. */
final class BrokerProperties {

    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String SINGLE = "1";

    private BrokerProperties() {}

    static Map<String, String> of(int port, int controllerPort, Path dataDir) {
        Map<String, String> properties = new HashMap<>(ofOneNode());
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", dataDir.toString());
        return properties;
    }

    /** Those that do not say where the broker is. */
    static Map<String, String> ofOneNode() {
        Map<String, String> properties = new HashMap<>();
        singleCopies(properties);
        promptAndSmall(properties);
        return properties;
    }

    private static void singleCopies(Map<String, String> properties) {
        properties.put("default.replication.factor", SINGLE);
        properties.put("min.insync.replicas", SINGLE);
        properties.put("offsets.topic.replication.factor", SINGLE);
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", SINGLE);
        properties.put("transaction.state.log.min.isr", SINGLE);
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", SINGLE);
        properties.put("share.coordinator.state.topic.min.isr", SINGLE);
    }

    private static void promptAndSmall(Map<String, String> properties) {
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("log.cleaner.dedupe.buffer.size", "2097152");
        // A broker that comes back is refused until the session of its earlier life has ended: 9 s by default.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        // A transaction that follows at once waits in the broker until the last one's markers are written. By default
        // it
        // is sent back after 100 ms, then every batch behind it is out of order, and all come again after a pause.
        properties.put("add.partitions.to.txn.retry.backoff.max.ms", "5000");
        properties.put("add.partitions.to.txn.retry.backoff.ms", "5");
        properties.put("metric.reporters", "");
    }
}
