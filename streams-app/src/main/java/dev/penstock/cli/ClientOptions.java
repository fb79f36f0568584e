package dev.penstock.cli;

import dev.penstock.config.DurationText;
import dev.penstock.config.KafkaTimeout;
import dev.penstock.config.PenstockConfig;
import dev.penstock.logging.LogLevels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that talk to Kafka for a moment. */
final class ClientOptions {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka, over what the configuration says. Default: 127.0.0.1:9092.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--kafka-timeout",
            paramLabel = "TIME",
            description = "How long to wait for Kafka. Default: 10s, or what the configuration says.")
    private @Nullable String kafkaTimeout;

    /** The configuration; from here on Kafka's own loggers are silent, and failures are ours to tell. */
    PenstockConfig load() throws CommandFailure {
        LogLevels.silenceKafka();
        List<String> overrides = new ArrayList<>();
        if (bootstrapServers != null) {
            overrides.add("kafka.bootstrap.servers=" + bootstrapServers);
        }
        if (kafkaTimeout != null) {
            overrides.add(KafkaTimeout.setting(read(kafkaTimeout).toMillis()));
        }
        return config.forClient(overrides);
    }

    private static Duration read(String text) throws CommandFailure {
        return DurationText.read(text)
                .filter(time -> time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> CommandFailure.usage(
                        "--kafka-timeout: " + Cell.escaped(text, 40) + " (expected: a duration, 100ms..10m)"));
    }
}
