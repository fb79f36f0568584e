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

/** Whose budgets are to be told of, and when: at most once a second for a tenant, and when a period ends. */
final class Standings {

    static final Duration PACE = Duration.ofSeconds(1);

    private final SequencedMap<String, Instant> due = new LinkedHashMap<>();
    private final NavigableMap<Instant, Set<String>> tenantsByReset = new TreeMap<>();
    private final Map<String, Instant> resets = new HashMap<>();

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

    /** Tenants whose time has come, those that wait longest first. They are not given again until touched. */
    List<String> take(Instant now, int most) {
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
        return taken;
    }

    /** When the next one is due; null when none is. */
    @Nullable
    Instant next() {
        Instant first = due.isEmpty() ? null : due.firstEntry().getValue();
        Instant reset = tenantsByReset.isEmpty() ? null : tenantsByReset.firstKey();
        if (first == null || reset == null) {
            return first == null ? reset : first;
        }
        return first.isBefore(reset) ? first : reset;
    }
}
