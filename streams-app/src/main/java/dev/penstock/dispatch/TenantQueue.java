package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Calls of one priority for one chain: tenants take turns by weight, and each tenant's calls go in the order of arrival. */
final class TenantQueue {

    private final ToIntFunction<String> weights;
    private final StrideOrder<String> turns = new StrideOrder<>();
    private final Map<String, TreeSet<Waiter>> byTenant = new HashMap<>();

    /** @param weights of tenants against each other, as policies say; at least 1 */
    TenantQueue(ToIntFunction<String> weights) {
        this.weights = weights;
    }

    void add(Waiter waiter) {
        byTenant.computeIfAbsent(waiter.tenant(), tenant -> new TreeSet<>(Waiter.BY_ARRIVAL))
                .add(waiter);
        turns.add(waiter.tenant());
    }

    /** Takes a call out, whether its turn has come or not. */
    void remove(Waiter waiter) {
        TreeSet<Waiter> calls = byTenant.get(waiter.tenant());
        if (calls != null && calls.remove(waiter) && calls.isEmpty()) {
            byTenant.remove(waiter.tenant());
            turns.remove(waiter.tenant());
        }
    }

    /**
     * The call whose turn it is; null when there is none. A tenant that may not call now loses its turn until {@link
     * #readmit}.
     */
    @Nullable
    Waiter next(Predicate<String> mayCall) {
        for (String tenant = turns.next(); tenant != null; tenant = turns.next()) {
            TreeSet<Waiter> calls = byTenant.get(tenant);
            if (calls != null && mayCall.test(tenant)) {
                return calls.first();
            }
            turns.remove(tenant);
        }
        return null;
    }

    /** Notes that the call had its turn, and takes it out. */
    void served(Waiter waiter) {
        turns.served(waiter.tenant(), weights.applyAsInt(waiter.tenant()));
        remove(waiter);
    }

    /** Lets a tenant that had lost its turn take turns again. */
    void readmit(String tenant) {
        if (byTenant.containsKey(tenant)) {
            turns.add(tenant);
        }
    }

    boolean isEmpty() {
        return byTenant.isEmpty();
    }
}
