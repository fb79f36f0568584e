package dev.penstock.pipeline;

import dev.penstock.dispatch.WaitingListener;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What waits in all tasks of the instance. Told by stream threads, asked by whoever scrapes or looks. */
final class WaitingCounts implements WaitingListener {

    private record InDoubt(int calls, Instant since) {}

    private final Map<Integer, InDoubt> inDoubt = new ConcurrentHashMap<>();
    private final Map<Integer, Counts> byPartition = new ConcurrentHashMap<>();

    @Override
    public void waiting(int partition, Counts counts) {
        if (counts.waiting() == 0) {
            byPartition.remove(partition);
        } else {
            byPartition.put(partition, counts);
        }
    }

    @Override
    public void inDoubt(int partition, int calls, @Nullable Instant since) {
        if (since == null) {
            inDoubt.remove(partition);
        } else {
            inDoubt.put(partition, new InDoubt(calls, since));
        }
    }

    /** Calls past their lease that may have been made. */
    int inDoubt() {
        return inDoubt.values().stream().mapToInt(InDoubt::calls).sum();
    }

    /** Seconds since the oldest of them has been in doubt; 0 if none is. */
    double oldestInDoubtSeconds(Instant now) {
        return inDoubt.values().stream()
                .mapToDouble(calls -> seconds(calls.since(), now))
                .max()
                .orElse(0);
    }

    private static double seconds(Instant from, Instant now) {
        return Math.max(0, now.toEpochMilli() - from.toEpochMilli()) / 1000.0;
    }

    /** Calls that are in nobody's hands. */
    int waiting() {
        return byPartition.values().stream().mapToInt(Counts::waiting).sum();
    }

    /** Those of them that wait for a time or for a target to open. */
    int parked() {
        return byPartition.values().stream().mapToInt(Counts::parked).sum();
    }

    /** Those of them that budgets hold. */
    int held() {
        return byPartition.values().stream().mapToInt(Counts::held).sum();
    }

    /** The bytes of those. */
    long heldBytes() {
        return byPartition.values().stream().mapToLong(Counts::heldBytes).sum();
    }

    /** Seconds since the oldest parked call was admitted; 0 if none is parked. */
    double oldestParkedSeconds(Instant now) {
        return byPartition.values().stream()
                .map(Counts::oldestParked)
                .filter(Objects::nonNull)
                .mapToDouble(admitted -> seconds(admitted, now))
                .max()
                .orElse(0);
    }
}
