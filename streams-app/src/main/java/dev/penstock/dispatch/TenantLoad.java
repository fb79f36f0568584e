package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.util.HashMap;
import java.util.Map;

/** How many calls each tenant of a task has in flight, against the most that it may have. */
final class TenantLoad {

    private final int cap;
    private final Map<RequestId, String> tenants = new HashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();

    /** @param cap calls at once of one tenant; 0 for no cap */
    TenantLoad(int cap) {
        this.cap = cap;
    }

    void started(RequestId id, String tenant) {
        if (cap > 0 && tenants.put(id, tenant) == null) {
            inFlight.merge(tenant, 1, Integer::sum);
        }
    }

    /** @return whether the tenant has just come below its cap */
    boolean ended(RequestId id) {
        String tenant = tenants.remove(id);
        if (tenant == null) {
            return false;
        }
        int left = inFlight.merge(tenant, -1, Integer::sum);
        inFlight.remove(tenant, 0);
        return left == cap - 1;
    }

    boolean mayCall(String tenant) {
        return cap == 0 || inFlight.getOrDefault(tenant, 0) < cap;
    }
}
