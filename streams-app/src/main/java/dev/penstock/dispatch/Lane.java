package dev.penstock.dispatch;

import dev.penstock.schemas.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for the same targets. Priorities take turns too, with weights far apart: an interactive call goes
 * before all but every hundredth bulk one, and yet nobody's flood of one class can keep another class out for good.
 */
final class Lane {

    private static final Map<Priority, Integer> WEIGHTS =
            new EnumMap<>(Map.of(Priority.INTERACTIVE, 100, Priority.NORMAL, 10, Priority.BULK, 1));

    private final Map<Priority, TenantQueue> queues = new EnumMap<>(Priority.class);
    private final StrideOrder<Priority> turns = new StrideOrder<>();
    private final UsableCalls usable;
    private int size;

    /**
     * @param weights of tenants
     * @param left how many more calls a tenant may have in flight
     */
    Lane(ToIntFunction<String> weights, ToIntFunction<String> left) {
        this.usable = new UsableCalls(left);
        for (Priority priority : Priority.values()) {
            queues.put(priority, new TenantQueue(weights));
        }
    }

    void add(Waiter waiter) {
        queue(waiter.priority()).add(waiter);
        turns.add(waiter.priority());
        usable.add(waiter.tenant());
        size++;
    }

    void remove(Waiter waiter) {
        queue(waiter.priority()).remove(waiter);
        left(waiter);
    }

    /** The call whose turn it is; null when there is none that may go now. */
    @Nullable
    Waiter next(Predicate<String> mayCall) {
        for (Priority priority = turns.next(); priority != null; priority = turns.next()) {
            Waiter waiter = queue(priority).next(mayCall);
            if (waiter != null) {
                return waiter;
            }
            turns.remove(priority);
        }
        return null;
    }

    /** Notes that the call had its turn, and takes it out. */
    void served(Waiter waiter) {
        turns.served(waiter.priority(), WEIGHTS.getOrDefault(waiter.priority(), 1));
        queue(waiter.priority()).served(waiter);
        left(waiter);
    }

    /** What its cap leaves to the tenant is not what it was: if it had lost its turn, it takes turns again. */
    void changed(String tenant) {
        usable.changed(tenant);
        queues.forEach((priority, queue) -> {
            queue.readmit(tenant);
            if (!queue.isEmpty()) {
                turns.add(priority);
            }
        });
    }

    /** How many of its calls could go if the chain takes them and there are permits. */
    int usable() {
        return usable.total();
    }

    int size() {
        return size;
    }

    private void left(Waiter waiter) {
        size--;
        usable.remove(waiter.tenant());
        if (queue(waiter.priority()).isEmpty()) {
            turns.remove(waiter.priority());
        }
    }

    private TenantQueue queue(Priority priority) {
        return Objects.requireNonNull(queues.get(priority));
    }
}
