package dev.penstock.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Is told, by each task, what waits there; for metrics. */
public interface WaitingListener {

    /** Tells what waits in the task of a partition. */
    void waiting(int partition, Counts counts);

    /**
     * @param partition the task's
     * @param calls that are past their lease, and may have been made
     * @param since when the oldest of them has been; null if there is none
     */
    void inDoubt(int partition, int calls, @Nullable Instant since);

    /**
     * What waits in a task.
     *
     * @param waiting calls that are in nobody's hands
     * @param parked how many of them wait for a time, for a budget or for a target to open
     * @param oldestParked when the oldest call that waits for a time was admitted; null if none does
     * @param held how many of them budgets hold
     * @param heldBytes the bytes of those
     */
    record Counts(int waiting, int parked, @Nullable Instant oldestParked, int held, long heldBytes) {

        /** Nothing waits. */
        public static final Counts NONE = new Counts(0, 0, null, 0, 0);
    }
}
