package dev.penstock.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The production broker class in this JVM. A fatal fault inside the broker ends the JVM, as it would end a broker's. */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int ATTEMPTS = 3;

    private final KafkaRaftServer server;
    private final int port;
    private final DataDirectory dataDirectory;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, int port, DataDirectory dataDirectory) {
        this.server = server;
        this.port = port;
        this.dataDirectory = dataDirectory;
    }

    /**
     * Returns when the broker takes requests: two to four seconds on new data, one on data it knows.
     *
     * @throws BrokerStartException when the port is taken or the directory cannot be used
     */
    public static EmbeddedBroker start(BrokerSettings settings) throws BrokerStartException {
        if (settings.port() != 0 && !Ports.isFree(settings.port())) {
            throw new BrokerStartException(
                    "kafka port: " + settings.port() + " is in use on 127.0.0.1 (expected: a free port, or 0 for any)");
        }
        DataDirectory dataDirectory = DataDirectory.open(settings.dataDir());
        for (int attempt = 1; ; attempt++) {
            int port = settings.port() == 0 ? Ports.free() : settings.port();
            try {
                return new EmbeddedBroker(
                        launch(port, dataDirectory.path(), settings.properties()), port, dataDirectory);
            } catch (Exception failed) {
                if (attempt == ATTEMPTS || !isPortTaken(failed)) {
                    dataDirectory.close();
                    throw new BrokerStartException("broker: did not start (" + failed.getMessage() + ")", failed);
                }
            }
        }
    }

    /** Where clients connect to. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
            dataDirectory.close();
        }
    }

    private static KafkaRaftServer launch(int port, Path dataDir, Map<String, String> more) throws Exception {
        Map<String, String> properties = BrokerProperties.of(port, Ports.free(), dataDir);
        properties.putAll(more);
        KafkaConfig config = new KafkaConfig(properties, false);
        format(dataDir);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (Exception failed) {
            server.shutdown();
            throw failed;
        }
    }

    private static void format(Path dataDir) throws Exception {
        if (Files.exists(dataDir.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerProperties.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(dataDir.toString()))
                .setMetadataLogDirectory(dataDir.toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                .run();
    }

    private static boolean isPortTaken(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException
                    || String.valueOf(cause.getMessage()).contains("bind")) {
                return true;
            }
        }
        return false;
    }
}
