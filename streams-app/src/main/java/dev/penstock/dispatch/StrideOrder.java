package dev.penstock.dispatch;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Weighted fair order (stride scheduling, Waldspurger and Weihl 1995): next is whoever has been served least for its
 * weight. Each service moves its owner on by a stride of {@code SCALE / weight}; who comes anew starts where the others are,
 * so that absence earns nothing.
 *
 * @param <K> who takes turns
 */
final class StrideOrder<K extends Comparable<K>> {

    private static final long SCALE = 1L << 20;

    private record Turn<K extends Comparable<K>>(long pass, K key) {}

    private final TreeSet<Turn<K>> order =
            new TreeSet<>(Comparator.<Turn<K>>comparingLong(Turn::pass).thenComparing(Turn::key));
    private final Map<K, Turn<K>> turns = new HashMap<>();
    private long now;

    /** Lets a key take turns; without effect if it does already. */
    void add(K key) {
        if (!turns.containsKey(key)) {
            put(new Turn<>(now, key));
        }
    }

    void remove(K key) {
        Turn<K> turn = turns.remove(key);
        if (turn != null) {
            order.remove(turn);
        }
    }

    /** Whose turn it is; null when nobody takes turns. */
    @Nullable
    K next() {
        return order.isEmpty() ? null : order.first().key();
    }

    /**
     * Notes that a key had its turn.
     *
     * @param weight its share against the others, at least 1
     */
    void served(K key, int weight) {
        Turn<K> turn = turns.get(key);
        if (turn != null) {
            now = Math.max(now, turn.pass());
            order.remove(turn);
            put(new Turn<>(turn.pass() + SCALE / weight, key));
        }
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    private void put(Turn<K> turn) {
        turns.put(turn.key(), turn);
        order.add(turn);
    }
}
