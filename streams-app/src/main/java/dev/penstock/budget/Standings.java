package dev.penstock.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose budgets are to be published, and when: at most once a second for a tenant, and when a period ends. Where many tenants
 * change at once they take turns, so that publishing never costs more than the calls do.
 */
final class Standings {

    static final Duration PACE = Duration.ofSeconds(1);

    private final int most;
    private final SequencedMap<String, Instant> changes = new LinkedHashMap<>();
    private final TenantTimes resets = new TenantTimes();

    /** Within the second that ends then, so many were published. */
    private Instant secondEnds = Instant.EPOCH;

    private int toldInSecond;

    /** @param most tenants whose budgets are published in a second */
    Standings(int most) {
        this.most = most;
    }

    /** Something changed for a tenant. */
    void touch(String tenant, Instant now) {
        changes.putIfAbsent(tenant, now.plus(PACE));
    }

    /** The status of a tenant changes at that time without any event; null for never. */
    void resetsAt(String tenant, @Nullable Instant time) {
        if (time == null) {
            resets.remove(tenant);
        } else {
            resets.put(tenant, time);
        }
    }

    /** The tenant whose turn it is; null when it is nobody's. */
    @Nullable
    String first(Instant now) {
        if (rests() && now.isBefore(secondEnds) && !secondEnds.isAfter(now.plus(PACE))) {
            return null;
        }
        String reset = resets.due(now);
        String changed = changes.isEmpty() || changes.firstEntry().getValue().isAfter(now)
                ? null
                : changes.firstEntry().getKey();
        Instant resetAt = resets.next();
        boolean resetFirst = changed == null
                || (reset != null
                        && resetAt != null
                        && resetAt.isBefore(changes.firstEntry().getValue()));
        return resetFirst ? reset : changed;
    }

    /** The tenant's budgets were published, and are again at that time if nothing changes until then; null for never. */
    void told(String tenant, @Nullable Instant resetsAt, Instant now) {
        changes.remove(tenant);
        resetsAt(tenant, resetsAt);
        if (!now.isBefore(secondEnds) || secondEnds.isAfter(now.plus(PACE))) {
            secondEnds = now.plus(PACE);
            toldInSecond = 0;
        }
        toldInSecond++;
    }

    void forget(String tenant) {
        changes.remove(tenant);
        resets.remove(tenant);
    }

    /** When the next change is due to be published; null when none is. */
    @Nullable
    Instant nextChange() {
        return rested(changes.isEmpty() ? null : changes.firstEntry().getValue());
    }

    /** When the next period begins that is to be published; null when none is. */
    @Nullable
    Instant nextReset() {
        return rested(resets.next());
    }

    private boolean rests() {
        return toldInSecond >= most;
    }

    private @Nullable Instant rested(@Nullable Instant next) {
        return next == null || !rests() || next.isAfter(secondEnds) ? next : secondEnds;
    }
}
