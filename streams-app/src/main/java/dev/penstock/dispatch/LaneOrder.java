package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a task. There are as many as there are chains in use: a few tiers, and models asked for by name. A call goes of
 * the lane whose tenant was served least for its weight; the weight of a tenant that waits in several lanes that take calls is
 * divided among them, so that it has no more turns than one that waits in one.
 */
final class LaneOrder {

    /** First the one whose last turn is longest ago. */
    private final SequencedMap<List<String>, Lane> lanes = new LinkedHashMap<>();

    private final StrideClock<String> clock = new StrideClock<>();

    /** By account: there are as many as are configured. */
    private final Map<String, StrideClock<String>> rates = new HashMap<>();

    private final Function<List<String>, @Nullable String> accounts;
    private final ToIntFunction<String> weights;
    private final ToIntFunction<String> left;

    /**
     * @param weights of tenants
     * @param left how many more calls a tenant may have in flight
     * @param accounts whose token rate calls for a chain draw on; null if on none
     */
    LaneOrder(
            ToIntFunction<String> weights,
            ToIntFunction<String> left,
            Function<List<String>, @Nullable String> accounts) {
        this.accounts = accounts;
        this.weights = weights;
        this.left = left;
    }

    void add(Waiter waiter) {
        lanes.computeIfAbsent(waiter.chain(), this::lane).add(waiter);
    }

    void remove(Waiter waiter) {
        Lane lane = lanes.get(waiter.chain());
        if (lane != null) {
            lane.remove(waiter);
            forgetIfEmpty(waiter.chain(), lane);
        }
    }

    private Lane lane(List<String> chain) {
        @Nullable String account = accounts.apply(chain);
        StrideClock<String> rate =
                account == null ? new StrideClock<>() : rates.computeIfAbsent(account, name -> new StrideClock<>());
        return new Lane(weights, left, rate, clock);
    }

    /** Of the lanes that draw on one token rate one is chosen by that; between these, each call counts as one. */
    @Nullable
    Waiter next(Predicate<List<String>> isOpen) {
        Predicate<String> mayCall = tenant -> left.applyAsInt(tenant) > 0;
        SequencedMap<StrideClock<String>, Lane> byRate = new LinkedHashMap<>();
        for (Map.Entry<List<String>, Lane> entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            if (lane.hasNext(isOpen.test(entry.getKey()), mayCall)) {
                byRate.merge(lane.rate(), lane, Lane::orBefore);
            }
        }
        @Nullable Lane first = null;
        for (Lane lane : byRate.values()) {
            if (first == null || lane.pass() < first.pass()) {
                first = lane;
            }
        }
        return first == null ? null : first.next();
    }

    /** Takes the call out; its lane goes behind the others. */
    void served(Waiter waiter) {
        int open = openLanes(waiter.tenant());
        Lane lane = lanes.remove(waiter.chain());
        if (lane != null) {
            lane.served(waiter, open);
            lanes.put(waiter.chain(), lane);
            forgetIfEmpty(waiter.chain(), lane);
        }
    }

    /** Notes that a call which had its turn is worth so many turns where others wait for the same token rate. */
    void charge(Waiter waiter, long turns) {
        if (turns > 1) {
            @Nullable Lane waits = lanes.get(waiter.chain());
            Lane lane = waits == null ? lane(waiter.chain()) : waits;
            lane.charge(waiter.tenant(), turns - 1, openLanes(waiter.tenant()));
        }
    }

    /** Of those that took calls, in how many the tenant waits; the one that it is served in is one. */
    private int openLanes(String tenant) {
        int open = 0;
        for (Lane lane : lanes.values()) {
            if (lane.isOpen() && lane.waits(tenant)) {
                open++;
            }
        }
        return Math.max(1, open);
    }

    void changed(String tenant) {
        lanes.values().forEach(lane -> lane.changed(tenant));
    }

    /** Whether a call for that chain, or for another one that takes calls, could go now. */
    boolean hasUsable(List<String> chain, Predicate<List<String>> isOpen) {
        for (Map.Entry<List<String>, Lane> entry : lanes.entrySet()) {
            if (entry.getValue().usable() > 0 && (entry.getKey().equals(chain) || isOpen.test(entry.getKey()))) {
                return true;
            }
        }
        return false;
    }

    void forEach(BiConsumer<List<String>, Lane> visitor) {
        lanes.forEach(visitor);
    }

    private void forgetIfEmpty(List<String> chain, Lane lane) {
        if (lane.size() == 0) {
            lanes.remove(chain);
        }
    }
}
