package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Calls that another run launched, by the time from which they are in doubt unless their outcome came. */
final class DoubtfulCalls {

    /**
     * @param id the call
     * @param number which dispatch of it
     * @param from in doubt from this time on
     */
    record Doubtful(RequestId id, int number, Instant from) {}

    private final PriorityQueue<Doubtful> byTime = new PriorityQueue<>(Comparator.comparing(Doubtful::from));

    void add(RequestId id, int number, Instant from) {
        byTime.add(new Doubtful(id, number, from));
    }

    boolean isEmpty() {
        return byTime.isEmpty();
    }

    boolean isDue(Instant now) {
        return !byTime.isEmpty() && !next().isAfter(now);
    }

    /** The earliest time from which one is in doubt. */
    Instant next() {
        return byTime.element().from();
    }

    @Nullable
    Doubtful pollDue(Instant now) {
        return isDue(now) ? byTime.remove() : null;
    }
}
