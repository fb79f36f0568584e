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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order of the calls that wait in one task. It mirrors the store and is rebuilt from it; the intake valve bounds it.
 *
 * <p>Calls for the same chain share a {@link Lane}, so that work for a target that is closed or busy does not stand in the way
 * of other work. Tenants take turns over all lanes, whatever priorities and chains they ask for. A parked call waits outside its lane until it is due. A call that a budget holds
 * is parked too, and is no work: it does not count as waiting, or a tenant that has spent its budget would close intake to
 * its neighbours.
 */
final class CallQueue {

    private record Parked(Instant due, Waiter waiter) {
        static final Comparator<Parked> BY_DUE =
                Comparator.comparing(Parked::due).thenComparing(Parked::waiter, Waiter.BY_ARRIVAL);
    }

    /**
     * Calls that wait for one chain.
     *
     * @param all of them
     * @param usable those that could go if the chain takes calls and there are permits: of a tenant no more than its cap leaves
     */
    record Ready(int all, int usable) {}

    private final Map<RequestId, Waiter> waiters = new HashMap<>();
    private final Map<RequestId, Parked> parked = new HashMap<>();
    private final NavigableSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);
    private final NavigableSet<Parked> dues = new TreeSet<>(Parked.BY_DUE);
    private final NavigableSet<Waiter> parkedByArrival = new TreeSet<>(Waiter.BY_ARRIVAL);
    private final HeldCalls held = new HeldCalls();
    private final LaneOrder lanes;
    private final UsableCalls usable;
    private long bytes;

    /**
     * @param weights of tenants against each other, at least 1
     * @param left how many more calls a tenant may have in flight; asked first when the order is
     * @param accounts whose token rate calls for a chain draw on; null if on none
     */
    CallQueue(
            ToIntFunction<String> weights,
            ToIntFunction<String> left,
            Function<List<String>, @Nullable String> accounts) {
        this.lanes = new LaneOrder(weights, left, accounts);
        this.usable = new UsableCalls(left);
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
        takesTurn(waiter);
    }

    private void takesTurn(Waiter waiter) {
        lanes.add(waiter);
        usable.add(waiter.tenant());
    }

    private void losesTurn(Waiter waiter) {
        lanes.remove(waiter);
        usable.remove(waiter.tenant());
    }

    /** Adds a call that may not go before the time given. */
    void park(Waiter waiter, Instant due) {
        enter(waiter);
        rest(waiter, due);
    }

    /** The same for a call that a budget held when it last asked, and may hold again: its place is kept. */
    void parkHeld(Waiter waiter, Instant due) {
        enter(waiter);
        held.keep(waiter);
        bytes -= waiter.bytes();
        rest(waiter, due);
    }

    private void rest(Waiter waiter, Instant due) {
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

    /** The calls that budgets hold. */
    HeldCalls held() {
        return held;
    }

    /** There may be room in the tenant's budgets: the oldest call that they hold may ask, unless one is about to. */
    void wakeHeld(String tenant) {
        for (Waiter waiter : held.wake(tenant)) {
            parkedByArrival.remove(waiter);
            takesTurn(waiter);
        }
    }

    /** A held call whose turn it is rests again: an older one goes before it. */
    void restsBehind(Waiter waiter, Waiter before, Instant now) {
        held.restsBehind(waiter, before, now);
        losesTurn(waiter);
        parkedByArrival.add(waiter);
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
            takesTurn(waiter);
        }
        for (String tenant = held.pollDue(now); tenant != null; tenant = held.pollDue(now)) {
            wakeHeld(tenant);
        }
    }

    private void unpark(Waiter waiter) {
        Parked entry = parked.remove(waiter.id());
        if (entry != null) {
            dues.remove(entry);
            parkedByArrival.remove(waiter);
        }
    }

    /** When the next parked call is due; null when none is parked. */
    @Nullable
    Instant nextParked() {
        return dues.isEmpty() ? null : dues.first().due();
    }

    /** When the next tenant of held calls may ask; null when none is held. */
    @Nullable
    Instant nextHeld() {
        return held.nextDue();
    }

    /**
     * The call whose turn it is; null when there is none. A tenant at its cap loses its turn until {@link #changed}.
     *
     * @param isOpen whether calls for that chain may go now
     */
    @Nullable
    Waiter next(Predicate<List<String>> isOpen) {
        return lanes.next(isOpen);
    }

    /** What its cap leaves to a tenant is not what it was. */
    void changed(String tenant) {
        lanes.changed(tenant);
        usable.changed(tenant);
    }

    /**
     * Whether a new call may go past all that wait: none of them could go now. What waits for a time, for a budget, for an
     * end of a call of its tenant, or for another chain that takes no calls stands in nobody's way.
     *
     * @param chain of the new call
     * @param isOpen whether calls for a chain may go now
     */
    boolean letsPass(List<String> chain, Predicate<List<String>> isOpen, Instant now) {
        return !isDue(nextParked(), now) && !isDue(nextHeld(), now) && !lanes.hasUsable(chain, isOpen);
    }

    private static boolean isDue(@Nullable Instant time, Instant now) {
        return time != null && !time.isAfter(now);
    }

    /** Takes out the call whose turn it is. */
    void served(Waiter waiter) {
        lanes.served(waiter);
        usable.remove(waiter.tenant());
        leave(waiter);
    }

    /**
     * Notes what a call claims that had its turn and goes: so many turns among those who wait for chains with the same token rate.
     *
     * @param turns at least 1
     */
    void charge(Waiter waiter, long turns) {
        lanes.charge(waiter, turns);
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
            losesTurn(waiter);
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
    Map<List<String>, Ready> ready() {
        Map<List<String>, Ready> ready = new LinkedHashMap<>();
        lanes.forEach((chain, lane) -> ready.put(chain, new Ready(lane.size(), lane.usable())));
        return ready;
    }

    /** How many calls could go if all chains took calls: of a tenant that waits for several chains no more than its cap leaves. */
    int usable() {
        return usable.total();
    }

    /** The stored size of all that waits, but for what budgets hold. */
    long bytes() {
        return bytes;
    }
}
