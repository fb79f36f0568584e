package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether more than one tenant sent requests of late. That takes no more memory than the two that were seen last. */
final class SeenTenants {

    static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    private record Seen(String tenant, Instant at) {}

    private @Nullable Seen latest;
    private @Nullable Seen other;

    void saw(String tenant, Instant now) {
        if (latest != null && !latest.tenant().equals(tenant)) {
            other = latest;
        }
        latest = new Seen(tenant, now);
    }

    boolean areSeveral(Instant now) {
        return other != null && other.at().plus(REMEMBERED_FOR).isAfter(now);
    }
}
