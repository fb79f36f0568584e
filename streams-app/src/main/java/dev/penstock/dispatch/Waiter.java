package dev.penstock.dispatch;

import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What the order of waiting calls depends on; the call itself is in the store.
 *
 * @param id the call
 * @param tenant whose it is
 * @param priority its class
 * @param chain the targets that it may still go to: calls with the same chain wait for the same thing
 * @param arrivedAt when intake accepted it
 * @param deadline when it ends if it still waits
 * @param bytes the size of its request
 */
record Waiter(
        RequestId id,
        String tenant,
        Priority priority,
        List<String> chain,
        Instant arrivedAt,
        Instant deadline,
        int bytes) {

    /** Earlier arrivals first; of the same millisecond, as they stand in the topic. */
    static final Comparator<Waiter> BY_ARRIVAL = Comparator.comparing(Waiter::arrivedAt)
            .thenComparing(waiter -> waiter.id().topic())
            .thenComparingInt(waiter -> waiter.id().partition())
            .thenComparingLong(waiter -> waiter.id().offset());

    static final Comparator<Waiter> BY_DEADLINE =
            Comparator.comparing(Waiter::deadline).thenComparing(BY_ARRIVAL);

    static Waiter of(CallEntry entry) {
        List<String> usable = entry.progress().usable(entry.route().chain());
        return new Waiter(
                entry.ticket().id(),
                entry.ticket().tenant(),
                entry.ticket().priority(),
                usable.isEmpty() ? entry.route().chain() : usable,
                entry.ticket().admittedAt(),
                entry.ticket().deadline(),
                entry.bytes());
    }
}
