package dev.penstock.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When something last happened to each of the last two tenants to which it did. Guarded by its owner. */
final class LatestOfTwo {

    private record Event(String tenant, Instant at) {}

    private @Nullable Event latest;
    /** Of another tenant than that one. */
    private @Nullable Event before;

    void happened(String tenant, Instant now) {
        if (latest != null && !latest.tenant.equals(tenant)) {
            before = latest;
        }
        latest = new Event(tenant, now);
    }

    /** Whether it happened to another tenant after that time. */
    boolean happenedToAnother(String tenant, Instant after) {
        Event other = latest != null && latest.tenant.equals(tenant) ? before : latest;
        return other != null && other.at.isAfter(after);
    }
}
