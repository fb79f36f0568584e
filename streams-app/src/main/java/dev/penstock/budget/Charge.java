package dev.penstock.budget;

import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A usage event that was counted, remembered so that it counts once and can be corrected.
 *
 * @param id the event's id
 * @param model what it is counted under beside the total
 * @param status how sure the amount is
 * @param at when the money was committed; it belongs to the periods of that time
 * @param expiresAt when it is forgotten; the same event would count again after that
 * @param usd what was counted; null when no price is known
 * @param tokens what was counted; null when nobody told
 * @param meters the serials of the meters that count it
 */
public record Charge(
        String id,
        String model,
        UsageEvent.Status status,
        Instant at,
        Instant expiresAt,
        @Nullable BigDecimal usd,
        @Nullable Long tokens,
        List<Integer> meters)
        implements LedgerEntry {

    public Charge {
        meters = List.copyOf(meters);
        model = ModelTotals.named(model);
    }

    /** What was counted. */
    public Amount amount() {
        return new Amount(usd, tokens);
    }

    /** Whether knowledge of that status would replace this: an answer replaces a worst case, a correction both. */
    boolean yieldsTo(UsageEvent.Status other) {
        return rank(other) > rank(status);
    }

    /** Whether other knowledge of the same event, as sure as this, says something else. */
    boolean contradicts(UsageEvent.Status otherStatus, Amount other) {
        return otherStatus == status && (amount().exceeds(other) || other.exceeds(amount()));
    }

    private static int rank(UsageEvent.Status status) {
        return switch (status) {
            case UNKNOWN -> 0;
            case BILLED -> 1;
            case CORRECTED -> 2;
        };
    }

    Charge replacedBy(String newModel, UsageEvent.Status newStatus, Amount amount, Instant until) {
        return new Charge(id, newModel, newStatus, at, until, amount.usd(), amount.tokens(), meters);
    }
}
