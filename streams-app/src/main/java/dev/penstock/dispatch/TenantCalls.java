package dev.penstock.dispatch;

import dev.penstock.schemas.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Calls of one tenant for one chain. Priorities take turns, with weights far apart: an interactive call goes before all but
 * every hundredth bulk one, and yet no class can keep another out for good. Calls of one priority go in the order of arrival.
 */
final class TenantCalls {

    private static final Map<Priority, Integer> WEIGHTS =
            new EnumMap<>(Map.of(Priority.INTERACTIVE, 100, Priority.NORMAL, 10, Priority.BULK, 1));

    private final Map<Priority, TreeSet<Waiter>> calls = new EnumMap<>(Priority.class);
    private final StrideOrder<Priority> turns = new StrideOrder<>();

    void add(Waiter waiter) {
        calls.computeIfAbsent(waiter.priority(), priority -> new TreeSet<>(Waiter.BY_ARRIVAL))
                .add(waiter);
        turns.add(waiter.priority());
    }

    /** Takes a call out, whether its turn has come or not. */
    void remove(Waiter waiter) {
        TreeSet<Waiter> of = calls.get(waiter.priority());
        if (of != null && of.remove(waiter) && of.isEmpty()) {
            calls.remove(waiter.priority());
            turns.remove(waiter.priority());
        }
    }

    /** The call whose turn it is. There must be one. */
    Waiter next() {
        return Objects.requireNonNull(calls.get(turns.next())).first();
    }

    /** Notes that the call had its turn, and takes it out. */
    void served(Waiter waiter) {
        turns.served(waiter.priority(), WEIGHTS.getOrDefault(waiter.priority(), 1));
        remove(waiter);
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }
}
