package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** The calls that wait for the same targets. Tenants take turns by weight; within its turn, a tenant's own priorities do. */
final class Lane {

    private final ToIntFunction<String> weights;
    private final Map<String, TenantCalls> byTenant = new HashMap<>();
    private final StrideOrder<String> turns;
    private final UsableCalls usable;
    private int size;
    private boolean open;

    /**
     * @param weights of tenants against each other, as policies say; at least 1
     * @param left how many more calls a tenant may have in flight
     * @param clock shared by the lanes of a task
     */
    Lane(ToIntFunction<String> weights, ToIntFunction<String> left, StrideClock<String> clock) {
        this.weights = weights;
        this.usable = new UsableCalls(left);
        this.turns = new StrideOrder<>(clock);
    }

    void add(Waiter waiter) {
        byTenant.computeIfAbsent(waiter.tenant(), tenant -> new TenantCalls()).add(waiter);
        turns.add(waiter.tenant());
        usable.add(waiter.tenant());
        size++;
    }

    void remove(Waiter waiter) {
        TenantCalls calls = byTenant.get(waiter.tenant());
        if (calls != null) {
            calls.remove(waiter);
            left(waiter.tenant(), calls);
        }
    }

    /**
     * Looks whether a call may go now. A tenant that may not call loses its turn until {@link #changed}.
     *
     * @param takesCalls whether the chain does
     */
    boolean hasNext(boolean takesCalls, Predicate<String> mayCall) {
        open = takesCalls;
        if (!takesCalls) {
            return false;
        }
        for (String tenant = turns.next(); tenant != null; tenant = turns.next()) {
            if (mayCall.test(tenant)) {
                turns.resume();
                return true;
            }
            turns.remove(tenant);
        }
        return false;
    }

    /** Whether it took calls when that was looked at last. */
    boolean isOpen() {
        return open;
    }

    boolean waits(String tenant) {
        return byTenant.containsKey(tenant);
    }

    /** The call whose turn it is. There must be one. */
    Waiter next() {
        return Objects.requireNonNull(byTenant.get(turns.next())).next();
    }

    /** How far the tenant is whose turn it is, against those of other lanes. There must be one. */
    long pass() {
        return turns.pass();
    }

    /**
     * Notes that the call had its turn, and takes it out.
     *
     * @param lanes among which the tenant's weight is divided
     */
    void served(Waiter waiter, int lanes) {
        TenantCalls calls = byTenant.get(waiter.tenant());
        if (calls != null) {
            turns.served(waiter.tenant(), weights.applyAsInt(waiter.tenant()), lanes);
            calls.served(waiter);
            left(waiter.tenant(), calls);
        }
    }

    /** What its cap leaves to the tenant is not what it was: if it had lost its turn, it takes turns again. */
    void changed(String tenant) {
        usable.changed(tenant);
        if (waits(tenant)) {
            turns.add(tenant);
        }
    }

    /** How many of its calls could go if the chain takes them and there are permits. */
    int usable() {
        return usable.total();
    }

    int size() {
        return size;
    }

    private void left(String tenant, TenantCalls calls) {
        size--;
        usable.remove(tenant);
        if (calls.isEmpty()) {
            byTenant.remove(tenant);
            turns.remove(tenant);
        }
    }
}
