package dev.penstock.budget;

import dev.penstock.schemas.Source;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Usage events as the ledger counts them. */
final class Events {

    /** Stands for a provider or a model of which nothing is remembered. */
    static final String UNKNOWN = "unknown";

    private Events() {}

    static UsageEvent costing(UsageEvent event, @Nullable BigDecimal usd, @Nullable String version) {
        return new UsageEvent(
                event.eventId(),
                event.tenant(),
                event.requestId(),
                event.attempt(),
                event.provider(),
                event.model(),
                event.tier(),
                event.usage(),
                usd,
                version,
                event.status(),
                event.batchSize(),
                event.source(),
                event.at());
    }

    /** The event that says the same as the charge. */
    static UsageEvent of(UsageEvent event, Charge charge, @Nullable TokenUsage worst, @Nullable String version) {
        return new UsageEvent(
                event.eventId(),
                event.tenant(),
                event.requestId(),
                event.attempt(),
                event.provider(),
                event.model(),
                event.tier(),
                event.usage() == null ? worst : event.usage(),
                charge.usd(),
                version,
                charge.status(),
                event.batchSize(),
                event.source(),
                charge.at());
    }

    /** The event of a charge of which nothing else is remembered. */
    static UsageEvent of(String tenant, Charge charge, @Nullable TokenUsage usage) {
        int end = charge.id().lastIndexOf('#');
        return new UsageEvent(
                charge.id(),
                tenant,
                end < 0 ? charge.id() : charge.id().substring(0, end),
                end < 0 ? 1 : Integer.parseInt(charge.id().substring(end + 1)),
                UNKNOWN,
                charge.model(),
                null,
                usage,
                charge.usd(),
                null,
                charge.status(),
                1,
                Source.PROVIDER,
                charge.at());
    }
}
