package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** How many calls each tenant of a task has in flight, against the most that it may have. */
final class TenantLoad {

    private final ToIntFunction<String> caps;
    private final boolean counts;
    private final Consumer<String> changed;
    private final Map<RequestId, String> tenants = new HashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();

    /**
     * @param cap calls at once of each tenant; 0 for no cap
     * @param changed hears of each tenant that has more or fewer calls in flight
     */
    TenantLoad(int cap, Consumer<String> changed) {
        this.caps = tenant -> cap;
        this.counts = cap > 0;
        this.changed = changed;
    }

    /**
     * @param caps calls at once of a tenant, which may change; 0 for no cap
     * @param changed hears of each tenant that has more or fewer calls in flight
     */
    TenantLoad(ToIntFunction<String> caps, Consumer<String> changed) {
        this.caps = caps;
        this.counts = true;
        this.changed = changed;
    }

    void started(RequestId id, String tenant) {
        if (counts && tenants.put(id, tenant) == null) {
            inFlight.merge(tenant, 1, Integer::sum);
            changed.accept(tenant);
        }
    }

    void ended(RequestId id) {
        String tenant = tenants.remove(id);
        if (tenant != null) {
            inFlight.merge(tenant, -1, Integer::sum);
            inFlight.remove(tenant, 0);
            changed.accept(tenant);
        }
    }

    /** How many more calls the tenant may have in flight now. */
    int left(String tenant) {
        int cap = caps.applyAsInt(tenant);
        return cap == 0 ? Integer.MAX_VALUE : Math.max(0, cap - inFlight.getOrDefault(tenant, 0));
    }

    boolean mayCall(String tenant) {
        return left(tenant) > 0;
    }
}
