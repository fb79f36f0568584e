package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.logging.LogLevels;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that talk to Kafka for a moment. */
final class ClientOptions {

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka, over what the configuration says. Default: 127.0.0.1:9092.")
    private @Nullable String bootstrapServers;

    /** The configuration; from here on Kafka's own loggers are silent, and failures are ours to tell. */
    PenstockConfig load() throws CommandFailure {
        LogLevels.silenceKafka();
        return config.forClient(
                bootstrapServers == null ? List.of() : List.of("kafka.bootstrap.servers=" + bootstrapServers));
    }
}
