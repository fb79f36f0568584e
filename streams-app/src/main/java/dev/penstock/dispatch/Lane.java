package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The calls that wait for the same targets. Tenants take turns by weight, and by what their calls claim of a token rate; within
 * its turn, a tenant's own priorities take turns.
 */
final class Lane {

    private final ToIntFunction<String> weights;
    private final Map<String, TenantCalls> byTenant = new HashMap<>();
    private final StrideClock<String> rate;
    private final StrideOrder<String> order;
    /** Where the tenants are against those of other lanes, each call counted as one. */
    private final StrideOrder<String> calls;

    private final UsableCalls usable;
    private int size;
    private boolean open;

    /**
     * @param weights of tenants against each other, as policies say; at least 1
     * @param left how many more calls a tenant may have in flight
     * @param rate shared by the lanes of a task that draw on one token rate
     * @param clock shared by the lanes of a task
     */
    Lane(
            ToIntFunction<String> weights,
            ToIntFunction<String> left,
            StrideClock<String> rate,
            StrideClock<String> clock) {
        this.weights = weights;
        this.usable = new UsableCalls(left);
        this.rate = rate;
        this.order = new StrideOrder<>(rate);
        this.calls = new StrideOrder<>(clock);
    }

    void add(Waiter waiter) {
        byTenant.computeIfAbsent(waiter.tenant(), tenant -> new TenantCalls()).add(waiter);
        takesTurns(waiter.tenant());
        usable.add(waiter.tenant());
        size++;
    }

    private void takesTurns(String tenant) {
        order.add(tenant);
        calls.add(tenant);
    }

    private void losesTurns(String tenant) {
        order.remove(tenant);
        calls.remove(tenant);
    }

    void remove(Waiter waiter) {
        TenantCalls own = byTenant.get(waiter.tenant());
        if (own != null) {
            own.remove(waiter);
            left(waiter.tenant(), own);
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
        for (String tenant = order.next(); tenant != null; tenant = order.next()) {
            if (mayCall.test(tenant)) {
                return true;
            }
            losesTurns(tenant);
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
        return Objects.requireNonNull(byTenant.get(order.next())).next();
    }

    /** The same for the lanes that draw on one token rate, and for no other lane. */
    StrideClock<String> rate() {
        return rate;
    }

    /** Of two lanes that draw on one token rate, the one whose tenant was served less. Both must have a call whose turn it is. */
    Lane orBefore(Lane other) {
        return other.turn() < turn() ? other : this;
    }

    private long turn() {
        return order.pass(Objects.requireNonNull(order.next()));
    }

    /** How far the tenant is whose turn it is, against those of other lanes. There must be one. */
    long pass() {
        return calls.pass(Objects.requireNonNull(order.next()));
    }

    /**
     * Notes that the call had its turn, and takes it out.
     *
     * @param lanes among which the tenant's weight is divided
     */
    void served(Waiter waiter, int lanes) {
        TenantCalls own = byTenant.get(waiter.tenant());
        if (own != null) {
            int weight = weights.applyAsInt(waiter.tenant());
            order.served(waiter.tenant(), weight, lanes);
            calls.served(waiter.tenant(), weight, lanes);
            own.served(waiter);
            left(waiter.tenant(), own);
        }
    }

    /** Notes that a call which had its turn is worth more turns than one, among those who wait here. */
    void charge(String tenant, long more, int lanes) {
        order.charge(tenant, more, weights.applyAsInt(tenant), lanes);
    }

    /** What its cap leaves to the tenant is not what it was: if it had lost its turn, it takes turns again. */
    void changed(String tenant) {
        usable.changed(tenant);
        if (waits(tenant)) {
            takesTurns(tenant);
        }
    }

    /** How many of its calls could go if the chain takes them and there are permits. */
    int usable() {
        return usable.total();
    }

    int size() {
        return size;
    }

    private void left(String tenant, TenantCalls own) {
        size--;
        usable.remove(tenant);
        if (own.isEmpty()) {
            byTenant.remove(tenant);
            losesTurns(tenant);
        }
    }
}
