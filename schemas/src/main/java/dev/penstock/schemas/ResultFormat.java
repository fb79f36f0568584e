package dev.penstock.schemas;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A result on the wire. */
final class ResultFormat {

    private ResultFormat() {}

    static void write(Output out, Result result) {
        out.object(() -> {
            out.text("id", result.id());
            out.text("custom_id", result.customId());
            out.object("response", () -> {
                out.integer("status_code", result.response().statusCode());
                out.text("request_id", result.response().requestId());
                out.json("body", result.response().body());
            });
            out.nothing("error");
            out.object("penstock", () -> section(out, result.penstock()));
        });
    }

    private static void section(Output out, PenstockSection section) {
        out.text("tenant", section.tenant());
        out.text("request_id", section.requestId());
        out.choice("source", section.source());
        out.text("provider", section.provider());
        out.text("model", section.model());
        out.text("tier", section.tier());
        out.text("tier_reason", section.tierReason());
        PartsFormat.writeAttempts(out, section.attempts());
        out.integer("batch_size", section.batchSize());
        out.integer("trimmed_tokens", section.trimmedTokens());
        PartsFormat.writeUsage(out, section.usage());
        PartsFormat.writeUsage(out, "cached_usage", section.cachedUsage());
        out.decimal("cost_usd", section.costUsd());
        out.instant("admitted_at", section.admittedAt());
        out.decimal("reserved_usd", section.reservedUsd());
        out.object("timings_ms", () -> {
            out.integer("queue", section.timings().queueMillis());
            out.integer("provider", section.timings().providerMillis());
            out.integer("total", section.timings().totalMillis());
        });
        out.json("metadata", section.metadata());
    }

    static Result read(Fields from) throws Refusal {
        Fields response = from.object("response");
        return new Result(
                from.text("id"),
                from.text("custom_id"),
                new Result.Response(
                        (int) response.integer("status_code", 100, 599),
                        response.text("request_id", 0, Fields.MAX_TEXT),
                        response.json("body")),
                section(from.object("penstock")));
    }

    private static PenstockSection section(Fields from) throws Refusal {
        return new PenstockSection(
                from.text("tenant"),
                from.text("request_id"),
                from.choice("source", Source.NAMES),
                from.text("provider"),
                from.text("model"),
                from.textOrNull("tier"),
                from.textOrNull("tier_reason"),
                PartsFormat.readAttempts(from),
                PartsFormat.intOf(from, "batch_size", 1),
                from.integer("trimmed_tokens", 0, Long.MAX_VALUE),
                PartsFormat.readUsage(from),
                PartsFormat.readUsage(from, "cached_usage"),
                from.usdOrNull("cost_usd"),
                from.instant("admitted_at"),
                from.usdOrNull("reserved_usd"),
                timings(from.object("timings_ms")),
                metadata(from.objectOrNull("metadata")));
    }

    private static Timings timings(Fields from) throws Refusal {
        return new Timings(
                from.integer("queue", 0, Long.MAX_VALUE),
                from.integer("provider", 0, Long.MAX_VALUE),
                from.integer("total", 0, Long.MAX_VALUE));
    }

    private static @Nullable ObjectNode metadata(@Nullable Fields from) {
        return from == null ? null : from.node();
    }
}
