package dev.penstock.config;

import java.time.Duration;
import java.util.List;

/**
 * A class of work and who does it.
 *
 * @param name {@code simple}, {@code medium}, {@code complex} or another one that requests ask for as {@code tier:NAME}
 * @param chain names of targets, in the order in which they are tried
 * @param timeout of one attempt, unless the target or the request says otherwise
 */
public record TierConfig(String name, List<String> chain, Duration timeout) {

    /** Those that every configuration has. */
    static final List<String> BUILT_IN = List.of("simple", "medium", "complex");

    static final Setting<List<String>> CHAIN = new Setting<>(
            "tiers.NAME.chain",
            ValueType.names("names of targets, each once: [first, second]"),
            "provider.name",
            "Targets in the order in which they are tried. Must be set where targets are named.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "tiers.NAME.timeout",
            ProviderConfig.TIMEOUT.type(),
            "provider.timeout",
            "Longest that one attempt may take. If provider.timeout is not set: 30s for simple and medium, 60s for others.");

    static final Section SECTION = new Section("tiers", List.of(CHAIN, TIMEOUT));

    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    public TierConfig {
        chain = List.copyOf(chain);
    }

    static Duration defaultTimeout(String name) {
        return name.equals("simple") || name.equals("medium") ? SHORT : LONG;
    }
}
