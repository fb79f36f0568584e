package dev.penstock.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** How much is heard of loggers, for commands that have a say of their own. */
public final class LogLevels {

    private static final List<Logger> CONNECTIONS = Stream.of("NetworkClient", "ClientUtils")
            .map(name -> (Logger) LoggerFactory.getLogger("org.apache.kafka.clients." + name))
            .toList();

    private LogLevels() {}

    /** From WARN up, unless the environment asks for a level. */
    public static void quieten() {
        if (System.getenv("PENSTOCK_LOG_LEVEL") == null) {
            ((Logger) LoggerFactory.getLogger("dev.penstock")).setLevel(Level.WARN);
        }
    }

    /** While an instance starts: that a broker cannot be reached is told once, as the reason why it does not. */
    public static void silenceConnections() {
        CONNECTIONS.forEach(logger -> logger.setLevel(Level.ERROR));
    }

    /** From here on a broker that goes away is worth a line. */
    public static void hearConnections() {
        CONNECTIONS.forEach(logger -> logger.setLevel(null));
    }

    /** Nothing of Kafka's: short commands say themselves what went wrong. */
    public static void silenceKafka() {
        ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.OFF);
    }
}
