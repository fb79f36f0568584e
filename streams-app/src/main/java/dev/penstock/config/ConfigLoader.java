package dev.penstock.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PenstockConfig} from defaults, below the file, below the environment, below {@code --set}. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * @param file null for none
     * @param environment of the process; also where secrets are looked up
     * @param sets {@code key=value} each
     * @throws ConfigException with every mistake there is
     */
    public static PenstockConfig load(@Nullable Path file, Map<String, String> environment, List<String> sets)
            throws ConfigException {
        return explain(file, environment, sets).config();
    }

    /** As {@link #load}, with the place that each value came from. */
    public static ExplainedConfig explain(@Nullable Path file, Map<String, String> environment, List<String> sets)
            throws ConfigException {
        return explain(new ConfigSources(List.of(), file, environment, sets));
    }

    /** As {@link #load}, with the place that each value came from. */
    public static ExplainedConfig explain(ConfigSources sources) throws ConfigException {
        return read(sources, true);
    }

    /** For commands that call no provider: its key need not be at hand. */
    public static PenstockConfig loadForClient(ConfigSources sources) throws ConfigException {
        return read(sources, false).config();
    }

    private static ExplainedConfig read(ConfigSources sources, boolean callsProvider) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Map<String, Given> given = new LinkedHashMap<>(SetSource.read(sources.presets(), problems));
        if (sources.file() != null) {
            given.putAll(readFile(sources.file(), problems));
        }
        Map<String, Given> sets = SetSource.read(sources.sets(), problems);
        SectionNames names = SectionNames.in(both(given, sets), problems);
        given.putAll(EnvironmentSource.read(sources.environment(), names, problems));
        given.putAll(sets);
        KnownKeys.removeOthers(given, problems);
        Values values = new Values(given, names, sources.environment());
        PenstockConfig config = PenstockConfig.from(values);
        problems.addAll(values.problems());
        if (callsProvider) {
            problems.addAll(values.missingKeys());
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ExplainedConfig(config, names, given);
    }

    private static Map<String, Given> both(Map<String, Given> lower, Map<String, Given> upper) {
        Map<String, Given> both = new LinkedHashMap<>(lower);
        both.putAll(upper);
        return both;
    }

    private static Map<String, Given> readFile(Path file, List<String> problems) {
        try {
            return YamlFile.read(file, Files.readString(file), problems);
        } catch (MalformedInputException notText) {
            problems.add(file + ": not UTF-8 (expected: a YAML file)");
        } catch (IOException unreadable) {
            problems.add(file + ": cannot be read (expected: a YAML file)");
        }
        return Map.of();
    }
}
