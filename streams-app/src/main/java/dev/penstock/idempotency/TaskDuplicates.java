package dev.penstock.idempotency;

import dev.penstock.work.IntakeGate;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in memory of one task's duplicates, for both of the stage's processors: how much follows, and whose followers
 * are to go on without their leader. Found again in the store at each start. Used by the task's stream thread alone.
 */
final class TaskDuplicates {

    private final IntakeGate gate;
    private final int partition;
    private final Set<String> released = new LinkedHashSet<>();
    private int followers;
    private long bytes;

    /** @param gate is told what follows: it waits like all that waits */
    TaskDuplicates(IntakeGate gate, int partition) {
        this.gate = gate;
        this.partition = partition;
    }

    void follows(byte[] original) {
        changed(1, original.length);
    }

    void followsNoMore(byte[] original) {
        changed(-1, -original.length);
    }

    private void changed(int items, int size) {
        followers += items;
        bytes += size;
        gate.waiting(partition, IntakeGate.Place.DUPLICATES, followers, bytes);
    }

    boolean isFollowed() {
        return followers > 0;
    }

    void release(String leader) {
        released.add(leader);
    }

    void endRelease(String leader) {
        released.remove(leader);
    }

    /** A leader that ended without a verdict for those who follow it; null if there is none. */
    @Nullable
    String nextRelease() {
        return released.isEmpty() ? null : released.iterator().next();
    }

    /** Whether all that was written before the task started has been read. */
    boolean caughtUp() {
        return gate.caughtUp(partition);
    }
}
