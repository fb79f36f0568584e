package dev.penstock.provider;

import java.time.Instant;

/**
 * How many retries an instance may make: a share of the calls of the last ten seconds, plus a few. Retries of everything
 * that fails would multiply the load on a provider just when it cannot bear it.
 */
public final class RetryBudget {

    private static final int SECONDS = 10;

    private final int percent;
    private final int floor;
    /** By second, around and around. */
    private final long[] calls = new long[SECONDS];

    private final long[] retries = new long[SECONDS];
    private long second = Long.MIN_VALUE;

    /**
     * @param percent retries in percent of calls
     * @param floor retries in ten seconds on top of that
     */
    public RetryBudget(int percent, int floor) {
        this.percent = percent;
        this.floor = floor;
    }

    /** A call begins; its retries do not count here. */
    public synchronized void called(Instant now) {
        calls[slot(now)]++;
    }

    /** Takes one retry, if there is one left. */
    public synchronized boolean tryRetry(Instant now) {
        int slot = slot(now);
        if (room() < 1) {
            return false;
        }
        retries[slot]++;
        return true;
    }

    /** Retries that are left. */
    public synchronized long left(Instant now) {
        slot(now);
        return Math.max(0, room());
    }

    private long room() {
        return floor + sum(calls) * percent / 100 - sum(retries);
    }

    private static long sum(long[] slots) {
        long sum = 0;
        for (long slot : slots) {
            sum += slot;
        }
        return sum;
    }

    /** A thread that read the clock earlier counts in the newest second. */
    private int slot(Instant now) {
        long at = Math.max(second, now.getEpochSecond());
        long from = Math.max(second, at - SECONDS);
        for (long passed = from + 1; passed <= at; passed++) {
            calls[(int) Math.floorMod(passed, (long) SECONDS)] = 0;
            retries[(int) Math.floorMod(passed, (long) SECONDS)] = 0;
        }
        second = at;
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
