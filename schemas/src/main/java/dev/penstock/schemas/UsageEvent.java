package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call, or a share of one, that was billed or may have been.
 *
 * @param eventId the same event twice has the same id, and counts once
 * @param attempt which dispatch of the request it belongs to, from 1
 * @param usage for {@code UNKNOWN} the reserved worst case; absent where neither is known
 * @param costUsd for {@code UNKNOWN} the reserved worst case; absent where no price is known
 * @param batchSize how many requests shared the call, at least 1
 * @param at when the money was committed; it decides the budget period
 */
public record UsageEvent(
        String eventId,
        String tenant,
        String requestId,
        int attempt,
        String provider,
        String model,
        @Nullable String tier,
        @Nullable TokenUsage usage,
        @Nullable BigDecimal costUsd,
        @Nullable String priceVersion,
        Status status,
        int batchSize,
        Source source,
        Instant at) {

    /** How sure the amount is. */
    public enum Status implements WireName {
        BILLED,
        /** Charged at the worst case until a late answer tells. */
        UNKNOWN,
        /** Replaces what the same request and attempt was charged before. */
        CORRECTED;

        static final WireNames<Status> NAMES = WireNames.of(values());

        private final String wireName = WireNames.lowerCase(this);

        @Override
        public String wireName() {
            return wireName;
        }
    }

    public UsageEvent {
        Checks.text("event_id", eventId);
        Checks.tenant(tenant);
        Checks.text("request_id", requestId);
        Checks.text("provider", provider);
        Checks.text("model", model);
        Checks.textOrNull("tier", tier);
        Checks.textOrNull("price_version", priceVersion);
        Checks.instant("at", at);
        Checks.positive("attempt", attempt);
        Checks.positive("batch_size", batchSize);
        costUsd = Money.checked("cost_usd", costUsd);
    }
}
