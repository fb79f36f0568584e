package dev.penstock.dispatch;

import dev.penstock.dispatch.StrideClock.Turn;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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
            put(clock.enter(key), key);
        }
    }

    void remove(K key) {
        Turn<K> turn = turns.remove(key);
        if (turn != null) {
            order.remove(turn);
            clock.leave(key, turn.pass());
        }
    }

    /** Whose turn it is; null when nobody takes turns. */
    @Nullable
    K next() {
        return order.isEmpty() ? null : order.first().key();
    }

    /**
     * How far one is that takes turns: of several orders the one goes whose next is least far. Who could not take turns for a
     * while is where the others are, so that the while has earned nothing.
     */
    long pass(K key) {
        return Math.max(clock.now(), Objects.requireNonNull(turns.get(key)).pass());
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
            long pass = pass(key);
            order.remove(turn);
            put(pass + strides(1, weight, orders), key);
            clock.served(pass);
        }
    }

    /**
     * Notes that the turn which a key had was worth more than one, whether it still takes turns or not.
     *
     * @param more turns
     */
    void charge(K key, long more, int weight, int orders) {
        Turn<K> turn = turns.get(key);
        if (turn == null) {
            clock.charge(key, strides(more, weight, orders));
        } else {
            order.remove(turn);
            put(turn.pass() + strides(more, weight, orders), key);
        }
    }

    private static long strides(long services, int weight, int orders) {
        return SCALE * services * orders / weight;
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
