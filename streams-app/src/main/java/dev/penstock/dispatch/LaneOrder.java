package dev.penstock.dispatch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
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
    private final ToIntFunction<String> weights;
    private final ToIntFunction<String> left;

    /**
     * @param weights of tenants
     * @param left how many more calls a tenant may have in flight
     */
    LaneOrder(ToIntFunction<String> weights, ToIntFunction<String> left) {
        this.weights = weights;
        this.left = left;
    }

    void add(Waiter waiter) {
        lanes.computeIfAbsent(waiter.chain(), chain -> new Lane(weights, left, clock))
                .add(waiter);
    }

    void remove(Waiter waiter) {
        Lane lane = lanes.get(waiter.chain());
        if (lane != null) {
            lane.remove(waiter);
            forgetIfEmpty(waiter.chain(), lane);
        }
    }

    @Nullable
    Waiter next(Predicate<List<String>> isOpen) {
        Predicate<String> mayCall = tenant -> left.applyAsInt(tenant) > 0;
        @Nullable Lane first = null;
        for (Map.Entry<List<String>, Lane> entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            if (lane.hasNext(isOpen.test(entry.getKey()), mayCall) && (first == null || lane.pass() < first.pass())) {
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

    /** Notes that a call which had its turn is worth so many turns in its lane; without effect if nobody waits there. */
    void charge(Waiter waiter, long turns) {
        Lane lane = lanes.get(waiter.chain());
        if (lane != null && turns > 1) {
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
