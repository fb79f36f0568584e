package dev.penstock.dispatch;

import dev.penstock.provider.Availability;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the calls whose turn could come wait for.
 *
 * @param open calls whose chain takes calls: they wait for a permit
 * @param busy calls whose chain is full: a place may come free at any time
 * @param closed calls whose whole chain is closed
 * @param opensAt when the first of those chains opens; null if there is none
 */
record ReadyCalls(int open, int busy, int closed, @Nullable Instant opensAt) {

    static ReadyCalls of(Map<List<String>, Integer> ready, AttemptChoice choice, Instant now) {
        int open = 0;
        int busy = 0;
        int closed = 0;
        @Nullable Instant opensAt = null;
        for (Map.Entry<List<String>, Integer> lane : ready.entrySet()) {
            switch (choice.look(lane.getKey(), now)) {
                case Availability.Open yes -> open += lane.getValue();
                case Availability.Busy full -> busy += lane.getValue();
                case Availability.ClosedUntil until -> {
                    closed += lane.getValue();
                    opensAt = opensAt == null || until.until().isBefore(opensAt) ? until.until() : opensAt;
                }
            }
        }
        return new ReadyCalls(open, busy, closed, opensAt);
    }
}
