package dev.penstock.budget;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One time for each tenant, the earliest first; those of the same time in the order in which they were set. */
final class TenantTimes {

    private final Map<String, Instant> times = new HashMap<>();
    private final NavigableMap<Instant, Set<String>> tenants = new TreeMap<>();

    boolean has(String tenant) {
        return times.containsKey(tenant);
    }

    /** How many tenants there are. */
    int size() {
        return times.size();
    }

    /** Sets a tenant's time, whatever it was before. */
    void put(String tenant, Instant time) {
        if (time.equals(times.get(tenant))) {
            return;
        }
        remove(tenant);
        times.put(tenant, time);
        tenants.computeIfAbsent(time, at -> new LinkedHashSet<>()).add(tenant);
    }

    void remove(String tenant) {
        Instant before = times.remove(tenant);
        if (before != null) {
            Set<String> others = tenants.getOrDefault(before, Set.of());
            others.remove(tenant);
            if (others.isEmpty()) {
                tenants.remove(before);
            }
        }
    }

    /** The earliest time; null when there is none. */
    @Nullable
    Instant next() {
        return tenants.isEmpty() ? null : tenants.firstKey();
    }

    /** Whose time came first; null when nobody's has come. */
    @Nullable
    String due(Instant now) {
        return tenants.isEmpty() || tenants.firstKey().isAfter(now)
                ? null
                : tenants.firstEntry().getValue().iterator().next();
    }
}
