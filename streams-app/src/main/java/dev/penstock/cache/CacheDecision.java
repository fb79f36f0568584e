package dev.penstock.cache;

import java.time.Duration;

/** What the cache does for a request. */
sealed interface CacheDecision {

    /** Read it; a new answer is kept for the time given. */
    record Lookup(Duration ttl) implements CacheDecision {}

    /** Neither read nor write it, and share no call. */
    record Skip() implements CacheDecision {}

    /** Do not read it; the new answer is kept for the time given. */
    record Refresh(Duration ttl) implements CacheDecision {}
}
