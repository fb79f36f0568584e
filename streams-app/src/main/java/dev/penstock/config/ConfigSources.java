package dev.penstock.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration is made from; a later component beats an earlier one.
 *
 * @param presets {@code key=value} each: what a command would have in place of the defaults
 * @param file null for none
 * @param environment of the process; also where secrets are looked up
 * @param sets {@code key=value} each
 */
public record ConfigSources(
        List<String> presets, @Nullable Path file, Map<String, String> environment, List<String> sets) {

    public ConfigSources {
        presets = List.copyOf(presets);
        sets = List.copyOf(sets);
    }
}
