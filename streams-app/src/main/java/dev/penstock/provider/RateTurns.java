package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns of an instance's tasks at the rate limits of one account. Whoever comes first when there is room would take all of
 * it, and of two tasks one always wakes first. So each call is charged to its task with the time that the limits take to
 * make up for it, and a task that is ahead of one that waits leaves what there is to that one. A task that does not ask for
 * a while waits no longer: what it does not use is left to others.
 */
final class RateTurns {

    /** A task may be ahead of another by that much, so that each takes many calls at once where limits are high. */
    static final Duration LEAD = Duration.ofSeconds(1);

    /** A task that waits asks each second, if not sooner; one that did not for that long does not wait. */
    static final Duration WAITS_FOR = Duration.ofSeconds(2);

    /** When a task is to ask again that left a turn to another. */
    static final Duration LEAVES = Duration.ofMillis(250);

    private static final double NANOS_PER_MINUTE = 60e9;

    /** What a turn of a tenant is worth: the tokens that come in 10 ms. */
    private static final double TURNS_PER_MINUTE = 6_000;

    /** How far a task may be behind others that take turns: as much as a bucket holds. */
    private static final Duration CREDIT = Duration.ofSeconds(10);

    private static final class Task {
        private long used;
        private Instant askedAt;
        private boolean waits;

        private Task(long used, Instant askedAt) {
            this.used = used;
            this.askedAt = askedAt;
        }

        /** Whatever the clock does, a time that is far from now is no recent one. */
        private boolean isHere(Instant now) {
            return Duration.between(askedAt, now).abs().compareTo(WAITS_FOR) < 0;
        }
    }

    private final long requestsPerMinute;
    private final long tokensPerMinute;
    private final Map<Integer, Task> tasks = new HashMap<>();
    /** Where the one was that had the last turn. Who comes anew starts here, so that absence earns nothing. */
    private long last;

    /**
     * @param requestsPerMinute zero for no limit
     * @param tokensPerMinute zero for no limit
     */
    RateTurns(long requestsPerMinute, long tokensPerMinute) {
        this.requestsPerMinute = requestsPerMinute;
        this.tokensPerMinute = tokensPerMinute;
    }

    /** Without limits there is nothing to take turns for. */
    boolean areTaken() {
        return requestsPerMinute > 0 || tokensPerMinute > 0;
    }

    /** Whether there is a token rate. */
    boolean countTokens() {
        return tokensPerMinute > 0;
    }

    /** How many turns a call of a tenant is worth that claims so many tokens: a minute's worth at most, as in the buckets. */
    long turnsOf(long tokens) {
        double counted = Math.clamp(tokens, 0, tokensPerMinute);
        return Math.max(1, Math.round(counted * TURNS_PER_MINUTE / tokensPerMinute));
    }

    /**
     * A task asks for a target of the account. It waits for a turn from then on if a rate or its turn keeps it out, and not
     * if something else does: what it could not use anyway is not kept for it.
     *
     * @param found how the target looks, but for the turns
     * @param isRateLimited whether the account's limits keep calls out
     * @return how it looks to that task
     */
    Availability look(int task, Availability found, boolean isRateLimited, Instant now) {
        return areTaken() ? turn(task, found, isRateLimited, now) : found;
    }

    private synchronized Availability turn(int task, Availability found, boolean isRateLimited, Instant now) {
        Task asks = asks(task, now);
        boolean leaves = found.isOpen() && leaves(asks, now);
        asks.waits = isRateLimited || leaves;
        return leaves ? new Availability.ClosedUntil(now.plus(LEAVES)) : found;
    }

    private Task asks(int task, Instant now) {
        Task asks = tasks.computeIfAbsent(task, number -> new Task(last, now));
        boolean wasHere = asks.isHere(now);
        asks.used = Math.max(asks.used, wasHere ? last - CREDIT.toNanos() : last);
        asks.waits &= wasHere;
        asks.askedAt = now;
        return asks;
    }

    private boolean leaves(Task task, Instant now) {
        for (Task other : tasks.values()) {
            if (task.used - other.used > LEAD.toNanos() && other.waits && other.isHere(now)) {
                return true;
            }
        }
        return false;
    }

    /** A call of a task has entered: it waits no longer, until it is refused again. */
    void entered(int task, long tokens, Instant now) {
        if (areTaken()) {
            charge(task, timeOf(tokens), now);
        }
    }

    private synchronized void charge(int task, long time, Instant now) {
        Task served = asks(task, now);
        last = Math.max(last, served.used);
        served.used += time;
        served.waits = false;
    }

    /** A call that had entered was not made. */
    void cancelled(int task, long tokens) {
        giveBack(task, timeOf(tokens));
    }

    /** A call that had entered used that many tokens. */
    void used(int task, long reserved, long tokens) {
        giveBack(task, timeOf(reserved) - timeOf(tokens));
    }

    private synchronized void giveBack(int task, long time) {
        Task served = tasks.get(task);
        if (served != null) {
            served.used -= time;
        }
    }

    /** The task has left the instance. */
    synchronized void left(int task) {
        tasks.remove(task);
    }

    /** Tasks that have a place in the order. */
    synchronized int tasks() {
        return tasks.size();
    }

    /** What it takes until the limits have made up for a call: a minute at most, as in the buckets. */
    private long timeOf(long tokens) {
        double ofCall = requestsPerMinute == 0 ? 0 : NANOS_PER_MINUTE / requestsPerMinute;
        long counted = Math.clamp(tokens, 0, tokensPerMinute);
        double ofTokens = tokensPerMinute == 0 ? 0 : NANOS_PER_MINUTE * counted / tokensPerMinute;
        return (long) Math.max(ofCall, ofTokens);
    }
}
