package dev.penstock.cli;

import dev.penstock.config.ConfigException;
import dev.penstock.config.ConfigLoader;
import dev.penstock.config.ConfigSources;
import dev.penstock.config.ExplainedConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds its configuration. */
final class ConfigOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:PENSTOCK_CONFIG}",
            description = "YAML file; else PENSTOCK_CONFIG, else the defaults.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one key, over file and environment. May be repeated.")
    private List<String> sets = new ArrayList<>();

    /** The whole configuration; the provider's key must be at hand. */
    ExplainedConfig explained() throws CommandFailure {
        return explained(List.of(), List.of());
    }

    /**
     * As {@link #explained()}.
     *
     * @param presets below the file
     * @param overrides above everything
     */
    ExplainedConfig explained(List<String> presets, List<String> overrides) throws CommandFailure {
        try {
            return sound(ConfigLoader.explain(sources(presets, overrides)));
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(String.join("\n", wrong.problems()));
        }
    }

    private static ExplainedConfig sound(ExplainedConfig explained) throws CommandFailure {
        Optional<String> problem = Pipeline.problem(explained.config());
        if (problem.isPresent()) {
            throw CommandFailure.usage(problem.get());
        }
        return explained;
    }

    /** For commands that only talk to Kafka. */
    PenstockConfig forClient(List<String> overrides) throws CommandFailure {
        try {
            return ConfigLoader.loadForClient(sources(List.of(), overrides));
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(String.join("\n", wrong.problems()));
        }
    }

    private ConfigSources sources(List<String> presets, List<String> overrides) {
        List<String> all = new ArrayList<>(sets);
        all.addAll(overrides);
        return new ConfigSources(presets, file, System.getenv(), all);
    }
}
