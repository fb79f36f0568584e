package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order of the calls that wait in one task: by arrival, what comes back first. It mirrors the store and is rebuilt
 * from it; the intake valve bounds it.
 */
final class WaitingCalls {

    private record Waiter(int bytes, Instant deadline) {}

    private record Due(Instant deadline, RequestId id) {}

    private final SequencedMap<RequestId, Waiter> order = new LinkedHashMap<>();
    private final NavigableSet<Due> deadlines = new TreeSet<>(Comparator.comparing(Due::deadline)
            .thenComparing(due -> due.id().topic())
            .thenComparingInt(due -> due.id().partition())
            .thenComparingLong(due -> due.id().offset()));

    /** As many as wait, or what has left would pile up until its deadline. */
    int deadlinesKept() {
        return deadlines.size();
    }

    private long bytes;

    void addLast(RequestId id, int size, Instant deadline) {
        remove(id);
        order.putLast(id, new Waiter(size, deadline));
        added(id, size, deadline);
    }

    /** Puts a call that has waited its turn already before those that have not. */
    void addFirst(RequestId id, int size, Instant deadline) {
        remove(id);
        order.putFirst(id, new Waiter(size, deadline));
        added(id, size, deadline);
    }

    private void added(RequestId id, int size, Instant deadline) {
        deadlines.add(new Due(deadline, id));
        bytes += size;
    }

    /** Takes the next call out; null when none waits. */
    @Nullable
    RequestId poll() {
        Map.Entry<RequestId, Waiter> first = order.pollFirstEntry();
        if (first == null) {
            return null;
        }
        left(first.getKey(), first.getValue());
        return first.getKey();
    }

    void remove(RequestId id) {
        Waiter waiter = order.remove(id);
        if (waiter != null) {
            left(id, waiter);
        }
    }

    private void left(RequestId id, Waiter waiter) {
        deadlines.remove(new Due(waiter.deadline(), id));
        bytes -= waiter.bytes();
    }

    /** Takes out a call whose deadline has passed; null when there is none. */
    @Nullable
    RequestId pollOverdue(Instant now) {
        if (deadlines.isEmpty() || deadlines.first().deadline().isAfter(now)) {
            return null;
        }
        RequestId id = deadlines.first().id();
        remove(id);
        return id;
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    int size() {
        return order.size();
    }

    /** The stored size of all that waits. */
    long bytes() {
        return bytes;
    }
}
