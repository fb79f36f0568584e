package dev.penstock.dispatch;

import java.util.HashMap;
import java.util.Map;

/**
 * The calls that one instance may have in flight, shared by its tasks. A permit that comes back goes to the task that
 * holds the fewest of those that wait (max-min fairness): first come, first served would give it back to the busy task,
 * which is awake, every time. What is granted is kept for the task until it next wakes.
 */
public final class Permits {

    private static final class Share {
        private int held;
        private int granted;
        private int wanted;

        private boolean isIdle() {
            return held == 0 && granted == 0 && wanted == 0;
        }
    }

    private final int capacity;
    private final Map<Integer, Share> shares = new HashMap<>();
    private int free;
    private boolean shut;

    /** @param capacity calls in flight at once, at least 1 */
    public Permits(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("dispatch.permits: " + capacity + " (expected: at least 1)");
        }
        this.capacity = capacity;
        this.free = capacity;
    }

    /** Takes a permit for a task if one is free or was kept for it. */
    synchronized boolean tryAcquire(int partition) {
        if (shut) {
            return false;
        }
        Share share = shares.computeIfAbsent(partition, p -> new Share());
        if (share.granted > 0) {
            share.granted--;
        } else if (free > 0) {
            free--;
        } else {
            return false;
        }
        share.held++;
        share.wanted = Math.max(0, share.wanted - 1);
        return true;
    }

    /**
     * Tells how many more permits a task could use now; each that it takes is one fewer. What was kept for it beyond that
     * goes to others.
     */
    synchronized void want(int partition, int wanted) {
        Share share = shares.computeIfAbsent(partition, p -> new Share());
        share.wanted = wanted;
        while (share.granted > wanted) {
            share.granted--;
            handOn();
        }
        while (free > 0 && share.granted < wanted) {
            free--;
            share.granted++;
        }
        forgetIfIdle(partition, share);
    }

    /**
     * Whether a task may take one more.
     *
     * @param share what each task may hold, whatever others do
     * @param beyond what all tasks together may hold beyond their shares
     */
    synchronized boolean mayTake(int partition, int share, int beyond) {
        Share own = shares.get(partition);
        return own == null
                || own.held < share
                || shares.values().stream()
                                .mapToInt(other -> Math.max(0, other.held - share))
                                .sum()
                        < beyond;
    }

    /** Returns the permit of a call of a task. */
    public synchronized void returned(int partition) {
        Share share = shares.get(partition);
        if (share == null || share.held == 0) {
            throw new IllegalStateException("a permit of partition " + partition + " was returned twice");
        }
        share.held--;
        forgetIfIdle(partition, share);
        handOn();
    }

    /** Gives out no permit any more: the instance is draining. */
    public synchronized void shut() {
        shut = true;
    }

    /** Permits that calls hold now. */
    public synchronized int inUse() {
        return shares.values().stream().mapToInt(share -> share.held).sum();
    }

    /** Permits that no call holds and that are kept for no task. */
    public synchronized int free() {
        return free;
    }

    /** Permits that are kept for tasks whose calls have not left yet. */
    public synchronized int unused() {
        return shares.values().stream().mapToInt(share -> share.granted).sum();
    }

    /** All permits of the instance. */
    public int capacity() {
        return capacity;
    }

    private void handOn() {
        Share poorest = null;
        for (Share share : shares.values()) {
            boolean waits = share.wanted > share.granted;
            if (waits && (poorest == null || share.held + share.granted < poorest.held + poorest.granted)) {
                poorest = share;
            }
        }
        if (poorest == null) {
            free++;
        } else {
            poorest.granted++;
        }
    }

    private void forgetIfIdle(int partition, Share share) {
        if (share.isIdle()) {
            shares.remove(partition);
        }
    }
}
