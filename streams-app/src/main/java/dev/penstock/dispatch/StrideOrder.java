package dev.penstock.dispatch;

import java.util.Comparator;
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

    /** Of those who left, that are remembered; a bound on memory, whatever the names that come by. */
    private static final int MAX_ABSENT = 10_000;

    private record Turn<K extends Comparable<K>>(long pass, K key) {}

    private final TreeSet<Turn<K>> order =
            new TreeSet<>(Comparator.<Turn<K>>comparingLong(Turn::pass).thenComparing(Turn::key));
    private final Map<K, Turn<K>> turns = new HashMap<>();
    /** Where those stand who left ahead of the others, while others wait. */
    private final TreeSet<Turn<K>> absentOrder = new TreeSet<>(order.comparator());

    private final Map<K, Turn<K>> absent = new HashMap<>();
    private long now;

    /** Lets a key take turns; without effect if it does already. */
    void add(K key) {
        if (!turns.containsKey(key)) {
            Turn<K> before = forget(key);
            put(new Turn<>(before == null ? now : Math.max(now, before.pass()), key));
        }
    }

    void remove(K key) {
        Turn<K> turn = turns.remove(key);
        if (turn == null) {
            return;
        }
        order.remove(turn);
        if (order.isEmpty()) {
            absent.clear();
            absentOrder.clear();
        } else if (turn.pass() > now) {
            absent.put(key, turn);
            absentOrder.add(turn);
            forgetThoseBehind();
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
            forgetThoseBehind();
        }
    }

    private void forgetThoseBehind() {
        while (!absentOrder.isEmpty() && (absentOrder.first().pass() <= now || absent.size() > MAX_ABSENT)) {
            forget(absentOrder.first().key());
        }
    }

    private @Nullable Turn<K> forget(K key) {
        Turn<K> turn = absent.remove(key);
        if (turn != null) {
            absentOrder.remove(turn);
        }
        return turn;
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    private void put(Turn<K> turn) {
        turns.put(turn.key(), turn);
        order.add(turn);
    }
}
