package dev.penstock.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is heard of loggers, for commands that have a say of their own. */
public final class LogLevels {

    private LogLevels() {}

    /** From WARN up, unless the environment asks for a level. */
    public static void quieten() {
        if (System.getenv("PENSTOCK_LOG_LEVEL") == null) {
            ((Logger) LoggerFactory.getLogger("dev.penstock")).setLevel(Level.WARN);
        }
    }

    /** Nothing of Kafka's: short commands say themselves what went wrong. */
    public static void silenceKafka() {
        ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.OFF);
    }
}
