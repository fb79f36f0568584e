package dev.penstock.schemas;

/** A usage event on the wire. */
final class UsageFormat {

    private UsageFormat() {}

    static void write(Output out, UsageEvent event) {
        out.object(() -> {
            out.text("event_id", event.eventId());
            out.text("tenant", event.tenant());
            out.text("request_id", event.requestId());
            out.integer("attempt", event.attempt());
            out.text("provider", event.provider());
            out.text("model", event.model());
            out.text("tier", event.tier());
            PartsFormat.writeUsage(out, event.usage());
            out.decimal("cost_usd", event.costUsd());
            out.text("price_version", event.priceVersion());
            out.choice("status", event.status());
            out.integer("batch_size", event.batchSize());
            out.choice("source", event.source());
            out.instant("at", event.at());
        });
    }

    static UsageEvent read(Fields from) throws Refusal {
        return new UsageEvent(
                from.text("event_id"),
                from.text("tenant"),
                from.text("request_id"),
                PartsFormat.intOf(from, "attempt", 1),
                from.text("provider"),
                from.text("model"),
                from.textOrNull("tier"),
                PartsFormat.readUsage(from),
                from.usdOrNull("cost_usd"),
                from.textOrNull("price_version"),
                from.choice("status", UsageEvent.Status.NAMES),
                PartsFormat.intOf(from, "batch_size", 1),
                from.choice("source", Source.NAMES),
                from.instant("at"));
    }
}
