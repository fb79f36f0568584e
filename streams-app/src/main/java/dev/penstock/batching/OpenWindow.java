package dev.penstock.batching;

import dev.penstock.batching.Arrival.Completed;
import dev.penstock.batching.Arrival.Displaced;
import dev.penstock.batching.Arrival.GoesAlone;
import dev.penstock.batching.Arrival.Joined;
import dev.penstock.batching.Arrival.Reason;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account of a group's members that wait for more. The members themselves are entries of their own; this stays small
 * however many there are. No window is no state: it opens with its first member.
 *
 * @param openedAt when the first member came
 * @param closesAt when it leaves with whoever is there
 * @param items how many wait, at least 1
 * @param tokens their input tokens together
 */
record OpenWindow(Instant openedAt, Instant closesAt, int items, long tokens) {

    /**
     * A member comes.
     *
     * @param window the group's, null if none is open
     * @param itemTokens the member's input tokens
     */
    static Arrival arrive(
            @Nullable OpenWindow window, long itemTokens, Instant deadline, BatchLimits limits, Instant now) {
        if (deadline.isBefore(now.plus(limits.window()).plus(limits.callTime()))) {
            return new GoesAlone(Reason.DEADLINE);
        }
        if (itemTokens >= limits.maxTokens()) {
            return new GoesAlone(Reason.TOO_LONG);
        }
        if (window == null) {
            return new Joined(opened(itemTokens, limits, now));
        }
        // A sum past the long range would be no sum.
        return itemTokens > limits.maxTokens() - window.tokens
                ? new Displaced(window, opened(itemTokens, limits, now))
                : window.with(itemTokens, limits, now);
    }

    private static OpenWindow opened(long tokens, BatchLimits limits, Instant now) {
        return new OpenWindow(now, now.plus(limits.window()), 1, tokens);
    }

    private Arrival with(long itemTokens, BatchLimits limits, Instant now) {
        OpenWindow joined = new OpenWindow(openedAt, closesAt, items + 1, tokens + itemTokens);
        boolean full = joined.items >= limits.maxItems() || joined.tokens >= limits.maxTokens();
        return full || joined.isDue(now) ? new Completed(joined) : new Joined(joined);
    }

    /** A clock that was set back must not keep a window open: a window of the future is due too. */
    boolean isDue(Instant now) {
        return !now.isBefore(closesAt) || now.isBefore(openedAt);
    }

    /** A member ended while it waited; empty if it was the last. */
    Optional<OpenWindow> without(long itemTokens) {
        return items == 1
                ? Optional.empty()
                : Optional.of(new OpenWindow(openedAt, closesAt, items - 1, tokens - itemTokens));
    }
}
