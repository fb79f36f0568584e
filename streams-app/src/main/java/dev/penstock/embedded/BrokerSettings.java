package dev.penstock.embedded;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an embedded broker is started.
 *
 * @param port of the broker; 0 for any free one
 * @param dataDir kept after the end, and taken up again by the next start; null for a temporary one that is deleted
 * @param properties of the broker, in place of ours
 */
public record BrokerSettings(int port, @Nullable Path dataDir, Map<String, String> properties) {

    private static final int HIGHEST_PORT = 65_535;

    public BrokerSettings {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0.." + HIGHEST_PORT + ")");
        }
    }

    /** With properties of ours alone. */
    public BrokerSettings(int port, @Nullable Path dataDir) {
        this(port, dataDir, Map.of());
    }

    /** The same with properties of its own. */
    public BrokerSettings with(Map<String, String> others) {
        return new BrokerSettings(port, dataDir, others);
    }

    /** Any free port, nothing kept. */
    public static BrokerSettings temporary() {
        return new BrokerSettings(0, null);
    }
}
