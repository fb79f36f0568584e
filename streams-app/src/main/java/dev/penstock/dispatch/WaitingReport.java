package dev.penstock.dispatch;

import dev.penstock.work.IntakeGate;
import dev.penstock.work.OneShotTimer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells the instance what waits in a task, and wakes the task when something of it may go. */
final class WaitingReport {

    private final DispatchParts parts;
    private final int partition;
    private final CallQueue queue;
    private final TenantLoad load;
    private final DoubtfulCalls doubtful;
    private final OneShotTimer timer;

    /** @param timer wakes the task */
    WaitingReport(
            DispatchParts parts,
            int partition,
            CallQueue queue,
            TenantLoad load,
            DoubtfulCalls doubtful,
            OneShotTimer timer) {
        this.parts = parts;
        this.partition = partition;
        this.queue = queue;
        this.load = load;
        this.doubtful = doubtful;
        this.timer = timer;
    }

    /** Tells, and sets the next wake-up. */
    void tell(Instant now) {
        boolean caughtUp = parts.gate().caughtUp(partition);
        ReadyCalls ready = ReadyCalls.of(queue.ready(), parts.choice(), now);
        parts.permits()
                .want(partition, caughtUp && ready.open() > 0 ? Math.min(ready.open(), queue.usable(load::left)) : 0);
        parts.gate().waiting(partition, IntakeGate.Place.QUEUE, queue.size(), queue.bytes());
        parts.listener().waiting(partition, queue.all(), queue.parkedCount() + ready.closed(), queue.oldestParked());
        if (ready.open() + ready.busy() > 0 || doubtful.isDue(now) || (!caughtUp && queue.all() > 0)) {
            timer.wakeAt(now);
            return;
        }
        wakeAt(ready.opensAt());
        wakeAt(queue.nextDue());
        wakeAt(queue.nextDeadline());
        wakeAt(doubtful.isEmpty() ? null : doubtful.next());
    }

    private void wakeAt(@Nullable Instant time) {
        if (time != null) {
            timer.wakeAt(time);
        }
    }
}
