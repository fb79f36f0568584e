package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order of the calls that wait in one task. It mirrors the store and is rebuilt from it; the intake valve bounds it.
 *
 * <p>Calls for the same chain share a {@link Lane}, and lanes take turns, so that work for a target that is closed or busy
 * does not stand in the way of other work. A parked call waits outside its lane until it is due. A call that a budget holds
 * is parked too, and is no work: it does not count as waiting, or a tenant that has spent its budget would close intake to
 * its neighbours.
 */
final class CallQueue {

    private record Parked(Instant due, Waiter waiter) {
        static final Comparator<Parked> BY_DUE =
                Comparator.comparing(Parked::due).thenComparing(Parked::waiter, Waiter.BY_ARRIVAL);
    }

    private final Map<RequestId, Waiter> waiters = new HashMap<>();
    private final Map<RequestId, Parked> parked = new HashMap<>();
    private final NavigableSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);
    private final NavigableSet<Parked> dues = new TreeSet<>(Parked.BY_DUE);
    private final NavigableSet<Waiter> parkedByArrival = new TreeSet<>(Waiter.BY_ARRIVAL);
    private final HeldCalls held = new HeldCalls();
    private final LaneOrder lanes;
    private long bytes;

    CallQueue() {
        this(tenant -> 1);
    }

    /** @param weights of tenants against each other, at least 1 */
    CallQueue(ToIntFunction<String> weights) {
        this.lanes = new LaneOrder(weights);
    }

    /** Adds a call that may go when its turn comes, once it is due. */
    void enqueue(Waiter waiter, Instant due, Instant now) {
        if (due.isAfter(now)) {
            park(waiter, due);
        } else {
            add(waiter);
        }
    }

    /** Adds a call that may go when its turn comes. */
    void add(Waiter waiter) {
        enter(waiter);
        lanes.add(waiter);
    }

    /** Adds a call that may not go before the time given. */
    void park(Waiter waiter, Instant due) {
        enter(waiter);
        Parked entry = new Parked(due, waiter);
        parked.put(waiter.id(), entry);
        dues.add(entry);
        parkedByArrival.add(waiter);
    }

    /** Adds a call that a budget has no room for; its tenant may ask again at the time given. */
    void hold(Waiter waiter, Instant due) {
        enter(waiter);
        held.add(waiter, due);
        parkedByArrival.add(waiter);
        bytes -= waiter.bytes();
    }

    /** How many calls of a tenant budgets hold. */
    int heldOf(String tenant) {
        return held.itemsOf(tenant);
    }

    /** There may be room in the tenant's budgets: the oldest call that they hold may ask, unless one is about to. */
    void wakeHeld(String tenant) {
        asks(held.wake(tenant));
    }

    private void asks(@Nullable Waiter waiter) {
        if (waiter != null) {
            parkedByArrival.remove(waiter);
            lanes.add(waiter);
        }
    }

    private void enter(Waiter waiter) {
        remove(waiter.id());
        waiters.put(waiter.id(), waiter);
        deadlines.add(waiter);
        bytes += waiter.bytes();
    }

    /** Lets what is due take its turn. */
    void unparkDue(Instant now) {
        while (!dues.isEmpty() && !dues.first().due().isAfter(now)) {
            Waiter waiter = dues.first().waiter();
            unpark(waiter);
            lanes.add(waiter);
        }
        for (Waiter waiter = held.pollDue(now); waiter != null; waiter = held.pollDue(now)) {
            asks(waiter);
        }
    }

    private void unpark(Waiter waiter) {
        Parked entry = parked.remove(waiter.id());
        if (entry != null) {
            dues.remove(entry);
            parkedByArrival.remove(waiter);
        }
    }

    /** When the next parked call is due, or the next tenant of a held one; null when there is none. */
    @Nullable
    Instant nextDue() {
        Instant ofHeld = held.nextDue();
        if (dues.isEmpty()) {
            return ofHeld;
        }
        Instant ofParked = dues.first().due();
        return ofHeld == null || ofParked.isBefore(ofHeld) ? ofParked : ofHeld;
    }

    /**
     * The call whose turn it is; null when there is none.
     *
     * @param isOpen whether calls for that chain may go now
     * @param mayCall whether calls of that tenant may go now; one that may not loses its turn until {@link #readmit}
     */
    @Nullable
    Waiter next(Predicate<List<String>> isOpen, Predicate<String> mayCall) {
        return lanes.next(isOpen, mayCall);
    }

    /** A tenant that could not call may again. */
    void readmit(String tenant) {
        lanes.readmit(tenant);
    }

    /** Takes out the call whose turn it is. */
    void served(Waiter waiter) {
        lanes.served(waiter);
        leave(waiter);
    }

    void remove(RequestId id) {
        Waiter waiter = waiters.get(id);
        if (waiter == null) {
            return;
        }
        if (parked.containsKey(id)) {
            unpark(waiter);
        } else if (held.rests(waiter)) {
            parkedByArrival.remove(waiter);
        } else {
            lanes.remove(waiter);
        }
        leave(waiter);
    }

    private void leave(Waiter waiter) {
        waiters.remove(waiter.id());
        deadlines.remove(waiter);
        if (!held.remove(waiter)) {
            bytes -= waiter.bytes();
        }
    }

    /** A call whose deadline has passed; null when there is none. */
    @Nullable
    Waiter overdue(Instant now) {
        return deadlines.isEmpty() || deadlines.first().deadline().isAfter(now) ? null : deadlines.first();
    }

    /** When the next call ends if it still waits; null when none waits. */
    @Nullable
    Instant nextDeadline() {
        return deadlines.isEmpty() ? null : deadlines.first().deadline();
    }

    /** Whether nothing waits that a budget has room for. */
    boolean isEmpty() {
        return waiters.size() == held.items();
    }

    /** All that waits, parked or not, but for what budgets hold. */
    int size() {
        return waiters.size() - held.items();
    }

    /** All that is in nobody's hands, whatever it waits for. */
    int all() {
        return waiters.size();
    }

    /** What waits for a time, and what budgets hold. */
    int parkedCount() {
        return parkedByArrival.size();
    }

    /** When the oldest parked call was admitted; null when none is parked. */
    @Nullable
    Instant oldestParked() {
        return parkedByArrival.isEmpty() ? null : parkedByArrival.first().arrivedAt();
    }

    /** Chains that calls wait for, with how many. */
    Map<List<String>, Integer> ready() {
        Map<List<String>, Integer> ready = new LinkedHashMap<>();
        lanes.forEach((chain, lane) -> ready.put(chain, lane.size()));
        return ready;
    }

    /**
     * How many calls could go if their chains were open.
     *
     * @param left how many more calls a tenant may have in flight
     */
    int usable(ToIntFunction<String> left) {
        Map<String, Integer> waiting = new HashMap<>();
        lanes.forEach((chain, lane) -> lane.count(waiting));
        return waiting.entrySet().stream()
                .mapToInt(tenant -> Math.min(tenant.getValue(), left.applyAsInt(tenant.getKey())))
                .sum();
    }

    /** The stored size of all that waits, but for what budgets hold. */
    long bytes() {
        return bytes;
    }
}
