package dev.penstock.config;

import dev.penstock.schemas.Task;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which requests share answers, and how many of them are kept.
 *
 * @param enabled whether requests that do not say themselves use the cache
 * @param tasks of such requests, those of these tasks; one without a task does
 * @param ttl how long an answer is kept where the request does not say
 * @param maxEntries answers of one tenant
 * @param maxBytes the same, by size as stored
 */
public record CacheConfig(boolean enabled, Set<Task> tasks, Duration ttl, long maxEntries, long maxBytes) {

    static final Setting<Boolean> ENABLED = new Setting<>(
            "cache.enabled",
            ValueType.flag(),
            "false",
            "Whether requests without a cache field share answers. Those that ask for it do in any case.");
    static final Setting<Boolean> SIMPLE = ofTask(Task.SIMPLE);
    static final Setting<Boolean> MEDIUM = ofTask(Task.MEDIUM);
    static final Setting<Boolean> COMPLEX = ofTask(Task.COMPLEX);
    static final Setting<Duration> TTL = new Setting<>(
            "cache.ttl",
            ValueType.duration("1s", "30d"),
            "24h",
            "How long an answer is given to identical requests, unless the request says how long.");
    static final Setting<Long> MAX_ENTRIES = new Setting<>(
            "cache.max_entries",
            ValueType.wholeNumber(1L, 100_000_000L),
            "100000",
            "Answers kept for one tenant; the least recently used go first.");
    static final Setting<Long> MAX_BYTES = new Setting<>(
            "cache.max_bytes",
            ValueType.byteSize("4KiB", "64GiB"),
            "256MiB",
            "Bytes kept for one tenant, as stored, with 512 for each answer's bookkeeping.");

    static final List<Setting<?>> SETTINGS = List.of(ENABLED, SIMPLE, MEDIUM, COMPLEX, TTL, MAX_ENTRIES, MAX_BYTES);

    public CacheConfig {
        tasks = Set.copyOf(tasks);
    }

    private static Setting<Boolean> ofTask(Task task) {
        return new Setting<>(
                "cache.tasks." + task.wireName(),
                ValueType.flag(),
                "true",
                "With cache.enabled: whether requests of task " + task.wireName() + " share answers by default.");
    }

    static CacheConfig from(Values values) {
        Map<Task, Boolean> tasks = Map.of(
                Task.SIMPLE, values.get(SIMPLE), Task.MEDIUM, values.get(MEDIUM), Task.COMPLEX, values.get(COMPLEX));
        return new CacheConfig(
                values.get(ENABLED),
                tasks.keySet().stream()
                        .filter(tasks::get)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Task.class))),
                values.get(TTL),
                values.get(MAX_ENTRIES),
                values.get(MAX_BYTES));
    }
}
