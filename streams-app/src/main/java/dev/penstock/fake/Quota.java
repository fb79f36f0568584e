package dev.penstock.fake;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a key has.
 *
 * @param keySha256 hex hash of the key it is for; null means every key by itself
 * @param calls how many
 * @param per in every such window, refused with a Retry-After after that; null means in all, refused as
 *     {@code insufficient_quota} after that
 */
public record Quota(
        @Nullable String keySha256, long calls, @Nullable Duration per) {

    boolean isFor(String sha256) {
        return keySha256 == null || keySha256.equals(sha256);
    }
}
