package dev.penstock.dispatch;

import dev.penstock.work.IntakeGate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells the instance what waits in a task, where it is not what was told before: all threads hear it. */
final class WaitingReport {

    private record Load(int items, long bytes) {}

    private final DispatchParts parts;
    private final AttemptChoice choice;
    private final int partition;
    private final CallQueue queue;
    private final TaskPermits permits;
    private ReadyCalls ready = ReadyCalls.NONE;
    private @Nullable Load load;
    private WaitingListener.@Nullable Counts counts;

    WaitingReport(DispatchParts parts, AttemptChoice choice, int partition, CallQueue queue, TaskPermits permits) {
        this.parts = parts;
        this.choice = choice;
        this.partition = partition;
        this.queue = queue;
        this.permits = permits;
    }

    /** Looks at what waits, and tells what changed. */
    void tell(Instant now) {
        ready = parts.gate().caughtUp(partition) ? ReadyCalls.of(queue.ready(), choice, now) : ReadyCalls.NONE;
        permits.want(ready.open() == 0 ? 0 : Math.min(ready.open(), queue.usable()));
        tell(new Load(queue.size(), queue.bytes()));
        tell(new WaitingListener.Counts(
                queue.all(),
                queue.parkedCount() + ready.closed(),
                queue.oldestParked(),
                queue.held().items(),
                queue.held().bytes()));
    }

    private void tell(Load now) {
        if (!now.equals(load)) {
            load = now;
            parts.gate().waiting(partition, IntakeGate.Place.QUEUE, now.items(), now.bytes());
        }
    }

    private void tell(WaitingListener.Counts now) {
        if (!now.equals(counts)) {
            counts = now;
            parts.listener().waiting(partition, now);
        }
    }

    /** When a call may go whose turn could come, as it was when it was last looked at; null if none may. */
    @Nullable
    Instant nextReady() {
        return ready.next();
    }
}
