package dev.penstock.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Is told, by each task, what waits there; for metrics. */
public interface WaitingListener {

    /**
     * @param partition the task's
     * @param waiting calls that are in nobody's hands
     * @param parked how many of them wait for a time or for a target to open
     * @param oldestParked when the oldest call that waits for a time was admitted; null if none does
     */
    void waiting(int partition, int waiting, int parked, @Nullable Instant oldestParked);

    /**
     * @param partition the task's
     * @param calls that are past their lease, and may have been made
     * @param since when the oldest of them has been; null if there is none
     */
    void inDoubt(int partition, int calls, @Nullable Instant since);
}
