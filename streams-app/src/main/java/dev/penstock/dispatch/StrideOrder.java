package dev.penstock.dispatch;

import dev.penstock.dispatch.StrideClock.Turn;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Weighted fair order (stride scheduling, Waldspurger and Weihl 1995): next is whoever has been served least for its
 * weight. Each service moves its owner on by a stride of {@code SCALE / weight}; who comes anew starts where the others are,
 * so that absence earns nothing. Who leaves after its turn and comes back at once goes on from where it was, or it would take
 * every turn of those who wait.
 *
 * @param <K> who takes turns
 */
final class StrideOrder<K extends Comparable<K>> {

    private static final long SCALE = 1L << 20;

    private final TreeSet<Turn<K>> order = new TreeSet<>(Turn.byPass());
    private final Map<K, Turn<K>> turns = new HashMap<>();
    private final StrideClock<K> clock;
    /** What all here were moved on by, as they could not take turns for a while. */
    private long moved;

    StrideOrder() {
        this(new StrideClock<>());
    }

    /** @param clock shared by the orders whose turns are compared */
    StrideOrder(StrideClock<K> clock) {
        this.clock = clock;
    }

    /** Lets a key take turns; without effect if it does already. */
    void add(K key) {
        if (!turns.containsKey(key)) {
            put(clock.enter(key) - moved, key);
        }
    }

    void remove(K key) {
        Turn<K> turn = turns.remove(key);
        if (turn != null) {
            order.remove(turn);
            clock.leave(key, turn.pass() + moved);
        }
    }

    /** Whose turn it is; null when nobody takes turns. */
    @Nullable
    K next() {
        return order.isEmpty() ? null : order.first().key();
    }

    /** How far the one is whose turn it is; the one of several orders goes that is least far. Somebody must take turns. */
    long pass() {
        return order.first().pass() + moved;
    }

    /**
     * All here take turns again, after a while in which those of other orders did. They go on from where the others are, and
     * keep their order: the while has earned nothing.
     */
    void resume() {
        if (!order.isEmpty()) {
            moved = Math.max(moved, clock.now() - order.first().pass());
        }
    }

    /**
     * Notes that a key had its turn.
     *
     * @param weight its share against the others, at least 1
     */
    void served(K key, int weight) {
        served(key, weight, 1);
    }

    /**
     * The same for one that takes turns in several orders.
     *
     * @param weight its share against the others in all of them, at least 1
     * @param orders how many that are
     */
    void served(K key, int weight, int orders) {
        Turn<K> turn = turns.get(key);
        if (turn != null) {
            order.remove(turn);
            put(turn.pass() + SCALE * orders / weight, key);
            clock.served(turn.pass() + moved);
        }
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    private void put(long pass, K key) {
        Turn<K> turn = new Turn<>(pass, key);
        turns.put(key, turn);
        order.add(turn);
    }
}
