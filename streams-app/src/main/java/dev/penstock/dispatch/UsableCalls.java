package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * How many of the calls that wait together could go: of each tenant as many as wait, and no more than its cap leaves. Only
 * tenants that changed are counted again, and only when somebody asks.
 */
final class UsableCalls {

    private final ToIntFunction<String> left;
    private final Map<String, Integer> waiting = new HashMap<>();
    private final Map<String, Integer> counted = new HashMap<>();
    private Set<String> changed = new HashSet<>();
    private int total;

    /** @param left how many more calls a tenant may have in flight */
    UsableCalls(ToIntFunction<String> left) {
        this.left = left;
    }

    /** A call of the tenant waits. */
    void add(String tenant) {
        waiting.merge(tenant, 1, Integer::sum);
        changed.add(tenant);
    }

    /** A call of the tenant waits no more. */
    void remove(String tenant) {
        waiting.merge(tenant, -1, Integer::sum);
        changed.add(tenant);
    }

    /** What its cap leaves to the tenant is not what it was. */
    void changed(String tenant) {
        if (waiting.containsKey(tenant)) {
            changed.add(tenant);
        }
    }

    int total() {
        if (!changed.isEmpty()) {
            changed.forEach(this::count);
            // Not cleared: a set that once was large takes as long to clear as it was large.
            changed = new HashSet<>();
        }
        return total;
    }

    private void count(String tenant) {
        int calls = waiting.getOrDefault(tenant, 0);
        int usable = calls == 0 ? 0 : Math.min(calls, left.applyAsInt(tenant));
        total += usable - counted.getOrDefault(tenant, 0);
        if (calls == 0) {
            waiting.remove(tenant);
            counted.remove(tenant);
        } else {
            counted.put(tenant, usable);
        }
    }
}
