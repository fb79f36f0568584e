package dev.penstock.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a tenant's or a task's requests that do not say themselves.
 *
 * @param on false for what is personal or goes stale
 * @param ttl how long their answers are kept, longer than zero; null for what the configuration says
 */
record CacheDefault(boolean on, @Nullable Duration ttl) {

    /** Nothing special. */
    static final CacheDefault UNSET = new CacheDefault(true, null);

    static final CacheDefault OFF = new CacheDefault(false, null);

    CacheDefault {
        if (ttl != null && !ttl.isPositive()) {
            throw new IllegalArgumentException("ttl: " + ttl + " (expected: longer than zero)");
        }
    }
}
