package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many calls a target gets at once: halved when the provider throttles, one more for each second in which it answered
 * and did not. A call that ran alone says nothing about concurrency, and one sent before the last halving is no news.
 */
final class ConcurrencyLimit {

    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** A place taken. */
    static final class Place {
        private final long halvings;
        private final boolean alone;

        private Place(long halvings, boolean alone) {
            this.halvings = halvings;
            this.alone = alone;
        }
    }

    private final int most;
    private int limit;
    private int inUse;
    /** Of those in use, the ones that entered since the last halving. */
    private int entered;

    private long halvings;
    private Instant halvedAt = Instant.MIN;
    private Instant windowStart = Instant.MIN;
    private boolean answered;
    private boolean throttled;

    /** @param most where it begins and what it never exceeds, at least 1 */
    ConcurrencyLimit(int most) {
        this.most = most;
        this.limit = most;
    }

    synchronized boolean hasRoom() {
        return inUse < limit;
    }

    /** Takes a place; null if there is none. */
    synchronized @Nullable Place tryTake() {
        if (!hasRoom()) {
            return null;
        }
        inUse++;
        entered++;
        return new Place(halvings, entered == 1);
    }

    /** No attempt was made, or nothing can be said of how it ended. */
    synchronized void left(Place place) {
        inUse--;
        if (place.halvings == halvings) {
            entered--;
        }
    }

    /** The provider did something other than throttle. */
    synchronized void answered(Place place, Instant now) {
        left(place);
        turnWindow(now);
        answered = true;
    }

    synchronized void throttled(Place place, Instant now) {
        left(place);
        turnWindow(now);
        throttled = true;
        boolean news = place.halvings == halvings && !place.alone;
        if (news && !now.isBefore(halvedAt.plus(WINDOW))) {
            halve(now);
        }
    }

    private void halve(Instant now) {
        limit = Math.max(1, limit / 2);
        halvings++;
        entered = 0;
        halvedAt = now;
    }

    private void turnWindow(Instant now) {
        if (windowStart.equals(Instant.MIN)) {
            windowStart = now;
        } else if (!now.isBefore(windowStart.plus(WINDOW))) {
            if (answered && !throttled) {
                limit = Math.min(most, limit + 1);
            }
            windowStart = now;
            answered = false;
            throttled = false;
        }
    }

    synchronized int limit() {
        return limit;
    }

    synchronized int inUse() {
        return inUse;
    }
}
