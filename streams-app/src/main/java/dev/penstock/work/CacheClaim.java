package dev.penstock.work;

import java.time.Duration;

/**
 * A request's place in the cache: where its answer is kept, and for how long.
 *
 * @param hash what the request has in common with those that may have its answer, in hexadecimal
 * @param ttl how long a new answer is given to others; zero for not at all
 */
public record CacheClaim(String hash, Duration ttl) {

    /** Whether a new answer is kept. Those who wait for it get it either way. */
    public boolean keepsAnswer() {
        return ttl.isPositive();
    }
}
