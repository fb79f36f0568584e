package dev.penstock.idempotency;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stored state of one idempotency key.
 *
 * @param leader the request that holds the key
 * @param fingerprint what the key was used for
 * @param group the name under which requests follow the leader; null while none does
 * @param lost whether a call for the key was lost, so that another may be the second one that is paid for
 * @param inDoubt whether that stands for duplicates, and no verdict does
 * @param expiresAt when what stands for duplicates stops standing; null while the leader is in flight
 */
record KeyEntry(
        String leader,
        String fingerprint,
        @Nullable String group,
        boolean lost,
        boolean inDoubt,
        @Nullable Instant expiresAt) {

    /** Of a key whose request was just admitted. */
    static KeyEntry ledBy(String leader, String fingerprint) {
        return new KeyEntry(leader, fingerprint, null, false, false, null);
    }

    /** The name under which a further request follows. */
    String groupOfFollowers() {
        return Objects.requireNonNullElse(group, leader);
    }

    KeyEntry withFollowers() {
        return new KeyEntry(leader, fingerprint, groupOfFollowers(), lost, inDoubt, expiresAt);
    }

    /** One of the followers leads; the others follow it under the name that they have. */
    KeyEntry handedTo(String follower) {
        return new KeyEntry(follower, fingerprint, group, lost, false, null);
    }

    /** A call for the key was lost. */
    KeyEntry withLost() {
        return new KeyEntry(leader, fingerprint, group, true, inDoubt, expiresAt);
    }

    /** The leader's verdict stands for duplicates. */
    KeyEntry finalUntil(Instant time) {
        return new KeyEntry(leader, fingerprint, group, lost, false, time);
    }

    /** Nobody's verdict stands for duplicates, but a call was lost: that stands for those who would rather fail. */
    KeyEntry inDoubtUntil(Instant time) {
        return new KeyEntry(leader, fingerprint, group, true, true, time);
    }
}
