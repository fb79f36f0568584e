package dev.penstock.budget;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that was admitted and is not settled.
 *
 * @param id the usage event's id, which names the request and the dispatch
 * @param at when it was admitted; its spend belongs to the periods of that time
 * @param expiresAt when it is charged at its worst case if nobody has settled it
 * @param usd the worst case; null when no price is known
 * @param inputTokens the worst case; null when there is no bound
 * @param outputTokens the worst case; null when there is no bound
 * @param meters the serials of the meters that hold it
 */
public record Reservation(
        String id,
        Instant at,
        Instant expiresAt,
        @Nullable BigDecimal usd,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        List<Integer> meters)
        implements LedgerEntry {

    public Reservation {
        meters = List.copyOf(meters);
    }

    /** The id of a dispatch of a request. */
    public static String id(String requestId, int dispatch) {
        return requestId + "#" + dispatch;
    }

    /** What is held. */
    public Amount worst() {
        return new Amount(usd, inputTokens == null || outputTokens == null ? null : inputTokens + outputTokens);
    }

    /** The worst case as usage, for the event of a call that is charged as unknown; null when there is no bound. */
    public @Nullable TokenUsage worstUsage() {
        return inputTokens == null || outputTokens == null ? null : new TokenUsage(inputTokens, outputTokens, 0, 0);
    }
}
