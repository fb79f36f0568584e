package dev.penstock.schemas;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a result says beyond the provider's answer.
 *
 * @param requestId {@code topic-partition-offset} of the request's record
 * @param model the model that answered
 * @param tierReason why that tier, where the request left it open: the rule and what it saw
 * @param attempts what was tried, in order; empty for an answer that nobody was asked for
 * @param batchSize how many requests shared the call, at least 1
 * @param trimmedTokens how many tokens were cut from the prompt
 * @param usage what was billed for this request; zeros for an answer from the cache or of a shared call
 * @param cachedUsage what the call behind such an answer was billed; absent for a call of its own
 * @param costUsd what the call cost; absent where no price is known
 * @param reservedUsd what was held back for it at admission
 * @param metadata the request's own, echoed
 */
public record PenstockSection(
        String tenant,
        String requestId,
        Source source,
        String provider,
        String model,
        @Nullable String tier,
        @Nullable String tierReason,
        List<AttemptReport> attempts,
        int batchSize,
        long trimmedTokens,
        @Nullable TokenUsage usage,
        @Nullable TokenUsage cachedUsage,
        @Nullable BigDecimal costUsd,
        Instant admittedAt,
        @Nullable BigDecimal reservedUsd,
        Timings timings,
        @Nullable ObjectNode metadata) {

    public PenstockSection {
        Checks.tenant(tenant);
        Checks.text("request_id", requestId);
        Checks.text("provider", provider);
        Checks.text("model", model);
        Checks.textOrNull("tier", tier);
        Checks.textOrNull("tier_reason", tierReason);
        Checks.instant("admitted_at", admittedAt);
        Checks.positive("batch_size", batchSize);
        Checks.notNegative("trimmed_tokens", trimmedTokens);
        costUsd = Money.checked("cost_usd", costUsd);
        reservedUsd = Money.checked("reserved_usd", reservedUsd);
        attempts = List.copyOf(attempts);
        Checks.require(
                attempts.size() <= Outcome.MAX_ATTEMPTS,
                "attempts",
                attempts.size(),
                "at most " + Outcome.MAX_ATTEMPTS);
    }

    /** Leaves the metadata out: it is the sender's. */
    @Override
    public String toString() {
        return "PenstockSection[requestId=" + requestId + ", source=" + source.wireName() + "]";
    }
}
