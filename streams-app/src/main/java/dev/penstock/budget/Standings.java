package dev.penstock.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose budgets are to be told of, and when: at most once a second for a tenant, and when a period ends. Where many tenants
 * change at once they take turns, so that telling never costs more than the calls that it is about.
 */
final class Standings {

    static final Duration PACE = Duration.ofSeconds(1);

    private final SequencedMap<String, Instant> due = new LinkedHashMap<>();
    private final NavigableMap<Instant, Set<String>> tenantsByReset = new TreeMap<>();
    private final Map<String, Instant> resets = new HashMap<>();

    /** After as many as may be told of at once, the others wait. */
    private Instant restUntil = Instant.EPOCH;

    /** Something changed for a tenant. */
    void touch(String tenant, Instant now) {
        due.putIfAbsent(tenant, now.plus(PACE));
    }

    /** What is told of a tenant changes by itself at that time; null for never. */
    void resetsAt(String tenant, @Nullable Instant time) {
        Instant before = resets.remove(tenant);
        if (before != null) {
            Set<String> others = tenantsByReset.getOrDefault(before, Set.of());
            others.remove(tenant);
            if (others.isEmpty()) {
                tenantsByReset.remove(before);
            }
        }
        if (time != null) {
            resets.put(tenant, time);
            tenantsByReset.computeIfAbsent(time, at -> new LinkedHashSet<>()).add(tenant);
        }
    }

    /**
     * Tenants whose time has come, those that wait longest first. They are not given again until touched.
     *
     * @param most in a second
     */
    List<String> take(Instant now, int most) {
        if (now.isBefore(restUntil) && !restUntil.isAfter(now.plus(PACE))) {
            return List.of();
        }
        while (!tenantsByReset.isEmpty() && !tenantsByReset.firstKey().isAfter(now)) {
            for (String tenant : List.copyOf(tenantsByReset.firstEntry().getValue())) {
                resetsAt(tenant, null);
                due.putIfAbsent(tenant, now);
            }
        }
        List<String> taken = new ArrayList<>();
        while (!due.isEmpty()
                && taken.size() < most
                && !due.firstEntry().getValue().isAfter(now)) {
            taken.add(due.pollFirstEntry().getKey());
        }
        if (taken.size() == most) {
            restUntil = now.plus(PACE);
        }
        return taken;
    }

    /** When the next one is due; null when none is. */
    @Nullable
    Instant next() {
        Instant first = due.isEmpty() ? null : due.firstEntry().getValue();
        Instant reset = tenantsByReset.isEmpty() ? null : tenantsByReset.firstKey();
        if (first == null || reset == null) {
            return rested(first == null ? reset : first);
        }
        return rested(first.isBefore(reset) ? first : reset);
    }

    private @Nullable Instant rested(@Nullable Instant next) {
        return next == null || next.isAfter(restUntil) ? next : restUntil;
    }
}
