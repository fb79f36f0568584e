package dev.penstock.budget;

import dev.penstock.schemas.Source;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Usage events for tests. */
final class Usage {

    private Usage() {}

    static UsageEvent event(
            String tenant,
            String id,
            UsageEvent.Status status,
            @Nullable BigDecimal usd,
            @Nullable Long tokens,
            Instant at) {
        return event(tenant, id, Books.Of.model(id), status, usd, tokens, at);
    }

    private static UsageEvent event(
            String tenant,
            String id,
            String model,
            UsageEvent.Status status,
            @Nullable BigDecimal usd,
            @Nullable Long tokens,
            Instant at) {
        return new UsageEvent(
                id,
                tenant,
                "llm.requests-0-1",
                1,
                "p",
                model,
                null,
                tokens == null ? null : new TokenUsage(tokens, 0, 0, 0),
                usd,
                "v",
                status,
                1,
                Source.PROVIDER,
                at);
    }

    /** The event that a charge is published as. */
    static UsageEvent event(String tenant, Charge charge) {
        return event(tenant, charge.id(), charge.model(), charge.status(), charge.usd(), charge.tokens(), charge.at());
    }
}
