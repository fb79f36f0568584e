package dev.penstock.idempotency;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of one idempotency key.
 *
 * @param leader the request that holds the key
 * @param fingerprint what the key was used for
 * @param followed whether any request follows the leader
 * @param expiresAt when the verdict stops standing for duplicates; null while the leader is in flight
 */
record KeyEntry(
        String leader,
        String fingerprint,
        boolean followed,
        @Nullable Instant expiresAt) {

    KeyEntry withFollowers() {
        return new KeyEntry(leader, fingerprint, true, expiresAt);
    }

    KeyEntry finalUntil(Instant time) {
        return new KeyEntry(leader, fingerprint, followed, time);
    }
}
