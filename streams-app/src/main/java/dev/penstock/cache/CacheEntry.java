package dev.penstock.cache;

import java.time.Duration;
import java.time.Instant;

/**
 * What the account knows of a kept answer; the answer itself lies beside it.
 *
 * @param bytes what it counts for, overhead included
 * @param storedAt when it was kept
 * @param expiresAt from then on it is not given any more
 * @param usedAt when it was last given, to within {@link #TOUCH_EVERY}
 */
record CacheEntry(long bytes, Instant storedAt, Instant expiresAt, Instant usedAt) {

    /** Recency is kept no finer than this, so that most hits write nothing. */
    static final Duration TOUCH_EVERY = Duration.ofMinutes(1);

    static CacheEntry stored(long bytes, Duration ttl, Instant now) {
        return new CacheEntry(bytes, now, now.plus(ttl), now);
    }

    boolean hasExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    boolean isTouchDue(Instant now) {
        return !now.isBefore(usedAt.plus(TOUCH_EVERY));
    }

    CacheEntry touched(Instant now) {
        return new CacheEntry(bytes, storedAt, expiresAt, now);
    }
}
