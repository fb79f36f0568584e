package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;

/**
 * A limit per minute that fills up evenly. It holds what comes in ten seconds, so a burst is a sixth of the limit. A taker
 * needs one unit to be there and may take more than there are: the bucket goes into debt and stays shut until that is paid.
 * So a call larger than the bucket still gets its turn, and whether there is room does not depend on who asks. However much
 * a call claims, it counts for a minute's worth at most, so that none keeps others out for longer. Guarded by its owner.
 */
final class TokenBucket {

    private static final double NANOS_PER_MINUTE = 60e9;
    private static final double HELD = 1.0 / 6;

    private final long perMinute;
    private final double capacity;
    private double level;
    private Instant filledAt = Instant.MIN;

    /** @param perMinute zero for no limit */
    TokenBucket(long perMinute) {
        this.perMinute = perMinute;
        this.capacity = Math.max(1, perMinute * HELD);
        this.level = capacity;
    }

    /** When there is room; not after {@code now} if there is already. */
    Instant openAt(Instant now) {
        if (perMinute == 0) {
            return now;
        }
        fill(now);
        return level >= 1 ? now : filledAt.plusNanos((long) Math.ceil((1 - level) * NANOS_PER_MINUTE / perMinute));
    }

    void take(long amount, Instant now) {
        change(-counted(amount), now);
    }

    void giveBack(long amount, Instant now) {
        change(counted(amount), now);
    }

    /** Who took an amount has used another one, less or more. */
    void correct(long taken, long used, Instant now) {
        change(counted(taken) - counted(used), now);
    }

    /** What an amount counts for. Amounts come from requests and replies, where they may be any number. */
    private long counted(long amount) {
        return Math.clamp(amount, 0, perMinute);
    }

    private void change(long amount, Instant now) {
        if (perMinute > 0) {
            fill(now);
            level = Math.min(capacity, level + amount);
        }
    }

    /** Who read the clock a while ago finds it as full as the latest one left it. */
    private void fill(Instant now) {
        if (filledAt.equals(Instant.MIN)) {
            filledAt = now;
        } else if (now.isAfter(filledAt)) {
            double nanos = Duration.between(filledAt, now).toNanos();
            level = Math.min(capacity, level + nanos * perMinute / NANOS_PER_MINUTE);
            filledAt = now;
        }
    }
}
