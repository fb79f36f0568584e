package dev.penstock.dispatch;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far those are that take turns in one {@link StrideOrder} or in several. It remembers who left ahead of the others, in
 * whichever order, while others wait.
 *
 * @param <K> who takes turns
 */
final class StrideClock<K extends Comparable<K>> {

    /** Of those who left, that are remembered; a bound on memory, whatever the names that come by. */
    private static final int MAX_ABSENT = 10_000;

    /**
     * The place of one who takes turns.
     *
     * @param pass what it was served so far, by its weight
     */
    record Turn<K extends Comparable<K>>(long pass, K key) {

        static <K extends Comparable<K>> Comparator<Turn<K>> byPass() {
            return Comparator.<Turn<K>>comparingLong(Turn::pass).thenComparing(Turn::key);
        }
    }

    private final Map<K, Turn<K>> absent = new HashMap<>();
    private final TreeSet<Turn<K>> absentOrder = new TreeSet<>(Turn.byPass());
    private long now;
    private int present;

    /** Where the one was that had the last turn. */
    long now() {
        return now;
    }

    /** Somebody takes turns from now on. */
    long enter(K key) {
        present++;
        Turn<K> before = absent.get(key);
        return before == null ? now : Math.max(now, before.pass());
    }

    /** Somebody takes turns no more. */
    void leave(K key, long pass) {
        present--;
        if (present == 0) {
            absent.clear();
            absentOrder.clear();
        } else if (pass > now) {
            Turn<K> before = forget(key);
            remember(new Turn<>(before == null ? pass : Math.max(pass, before.pass()), key));
        }
    }

    /** Somebody who has left after its turn is moved on; without effect if nobody takes turns. */
    void charge(K key, long strides) {
        if (present > 0) {
            Turn<K> before = forget(key);
            remember(new Turn<>((before == null ? now : Math.max(now, before.pass())) + strides, key));
        }
    }

    private void remember(Turn<K> turn) {
        absent.put(turn.key(), turn);
        absentOrder.add(turn);
        forgetThoseBehind();
    }

    /** Somebody who was there had its turn. */
    void served(long pass) {
        now = Math.max(now, pass);
        forgetThoseBehind();
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
}
