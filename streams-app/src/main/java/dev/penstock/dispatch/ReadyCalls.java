package dev.penstock.dispatch;

import dev.penstock.provider.Availability;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the calls whose turn could come wait for.
 *
 * @param open calls that their tenants' caps let go and whose chain takes calls: they wait for a permit
 * @param busy those whose chain is full: a place may come free at any time
 * @param closed calls whose whole chain is closed, whatever their tenants' caps
 * @param opensAt when the first of those chains opens that calls could go to then; null if there is none
 */
record ReadyCalls(int open, int busy, int closed, @Nullable Instant opensAt) {

    static final ReadyCalls NONE = new ReadyCalls(0, 0, 0, null);

    static ReadyCalls of(Map<List<String>, CallQueue.Ready> ready, AttemptChoice choice, Instant now) {
        int open = 0;
        int busy = 0;
        int closed = 0;
        @Nullable Instant opensAt = null;
        for (Map.Entry<List<String>, CallQueue.Ready> lane : ready.entrySet()) {
            int usable = lane.getValue().usable();
            switch (choice.look(lane.getKey(), now)) {
                case Availability.Open yes -> open += usable;
                case Availability.Busy full -> busy += usable;
                case Availability.ClosedUntil until -> {
                    closed += lane.getValue().all();
                    if (usable > 0 && (opensAt == null || until.until().isBefore(opensAt))) {
                        opensAt = until.until();
                    }
                }
            }
        }
        return new ReadyCalls(open, busy, closed, opensAt);
    }

    /** When one of them may go; null if none may at any time that is known. */
    @Nullable
    Instant next() {
        return open + busy > 0 ? Instant.EPOCH : opensAt;
    }
}
