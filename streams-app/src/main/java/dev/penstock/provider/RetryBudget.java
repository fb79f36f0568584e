package dev.penstock.provider;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many retries an instance may make: a share of the calls of the last ten seconds, plus a few. Retries of everything
 * that fails would multiply the load on a provider just when it cannot bear it. While several tenants have calls, none has
 * more of it than it leaves to the others: what one tenant asks may fail however often it is tried.
 */
public final class RetryBudget {

    private static final int SECONDS = 10;
    private static final long[] NO_RETRIES = new long[SECONDS];

    private final int percent;
    private final int floor;
    /** By second, around and around. */
    private final long[] calls = new long[SECONDS];

    private final long[] retries = new long[SECONDS];
    /** Of each tenant that has any. */
    private final Map<String, long[]> retriesOf = new HashMap<>();

    private String latest = "";
    private long latestAt = Long.MIN_VALUE;
    /** When one was last called for that is not the latest. */
    private long beforeAt = Long.MIN_VALUE;

    private long second = Long.MIN_VALUE;

    /**
     * @param percent retries in percent of calls
     * @param floor retries in ten seconds on top of that
     */
    public RetryBudget(int percent, int floor) {
        this.percent = percent;
        this.floor = floor;
    }

    /** A call of a tenant begins; its retries do not count here. */
    public synchronized void called(String tenant, Instant now) {
        calls[slot(now)]++;
        if (!tenant.equals(latest)) {
            beforeAt = latestAt;
            latest = tenant;
        }
        latestAt = second;
    }

    /** Takes one retry for a tenant, if there is one left for it. */
    public synchronized boolean tryRetry(String tenant, Instant now) {
        int slot = slot(now);
        long[] own = retriesOf.getOrDefault(tenant, NO_RETRIES);
        if (room() < 1 || (hasOthers(tenant) && sum(own) >= room())) {
            return false;
        }
        retries[slot]++;
        retriesOf.computeIfAbsent(tenant, name -> new long[SECONDS])[slot]++;
        return true;
    }

    private boolean hasOthers(String tenant) {
        long calledAt = tenant.equals(latest) ? beforeAt : latestAt;
        return isRecent(calledAt) || retriesOf.size() > (retriesOf.containsKey(tenant) ? 1 : 0);
    }

    private boolean isRecent(long at) {
        return at != Long.MIN_VALUE && second - at < SECONDS;
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
            forget((int) Math.floorMod(passed, (long) SECONDS));
        }
        second = at;
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    private void forget(int slot) {
        calls[slot] = 0;
        retries[slot] = 0;
        retriesOf.values().removeIf(own -> {
            own[slot] = 0;
            return Arrays.equals(own, NO_RETRIES);
        });
    }
}
