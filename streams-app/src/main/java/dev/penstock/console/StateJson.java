package dev.penstock.console;

import dev.penstock.provider.Availability;
import dev.penstock.provider.TargetView;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that the page shows at once, read from memory. */
final class StateJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final double ROUNDING = 100;
    private static final String RESULTS = "penstock.results";
    private static final String DEAD_LETTERS = "penstock.dead.letters";
    private static final String TOKENS = "gen_ai.client.token.usage";
    private static final String TOKEN_TYPE = "gen_ai.token.type";

    private final ConsoleSources sources;
    private final Readings readings;
    private final History history;
    private final boolean readOnly;
    private final Instant start = Instant.now();

    StateJson(ConsoleSources sources, Readings readings, History history, boolean readOnly) {
        this.sources = sources;
        this.readings = readings;
        this.history = history;
        this.readOnly = readOnly;
    }

    /** @param after samples up to then are left out */
    ObjectNode at(Instant now, Instant after) {
        ObjectNode state = JSON.createObjectNode();
        state.put("now", now.toEpochMilli());
        state.put("up_seconds", now.getEpochSecond() - start.getEpochSecond());
        state.put("instance", sources.instance());
        state.put("version", sources.version());
        state.put("read_only", readOnly);
        state.set("health", health());
        state.set("samples", samples(history.after(after)));
        state.set("work", work());
        state.set("targets", targets(now));
        state.set("cache", cache());
        state.set("tokens", tokens());
        state.set("budgets", sources.topics().budgets());
        state.set("dead_letters", deadLetters());
        state.set("replay", sources.topics().replay());
        return state;
    }

    private ObjectNode health() {
        Health ready = sources.health().ready();
        ObjectNode health = JSON.createObjectNode();
        health.put("live", sources.health().live().ok());
        health.put("ready", ready.ok());
        ObjectNode checks = health.putObject("checks");
        ready.checks().forEach(checks::put);
        return health;
    }

    private static ObjectNode samples(List<Sample> samples) {
        ObjectNode columns = JSON.createObjectNode();
        ArrayNode at = columns.putArray("at");
        samples.forEach(sample -> at.add(sample.at().toEpochMilli()));
        column(columns, "answered", samples, Sample::answered);
        column(columns, "dead", samples, Sample::dead);
        column(columns, "p50", samples, Sample::p50);
        column(columns, "p95", samples, Sample::p95);
        column(columns, "in_flight", samples, Sample::inFlight);
        column(columns, "waiting", samples, Sample::waiting);
        return columns;
    }

    private static void column(ObjectNode columns, String name, List<Sample> samples, ToDoubleFunction<Sample> value) {
        ArrayNode column = columns.putArray(name);
        for (Sample sample : samples) {
            double number = value.applyAsDouble(sample);
            if (Double.isFinite(number)) {
                column.add(Math.round(number * ROUNDING) / ROUNDING);
            } else {
                column.addNull();
            }
        }
    }

    private ObjectNode work() {
        double waiting = readings.gauge("penstock.calls.waiting");
        double parked = readings.gauge("penstock.calls.parked");
        ObjectNode work = JSON.createObjectNode();
        work.put("in_flight", readings.gauge("penstock.calls.in.flight"));
        work.put("permits", readings.gauge("penstock.calls.permits"));
        work.put("queued", Math.max(0, waiting - parked));
        work.put("parked", parked);
        work.put("oldest_parked_seconds", readings.gauge("penstock.calls.parked.oldest.age"));
        work.put("intake_closed", readings.gauge("penstock.intake.closed.partitions"));
        work.put("lag", readings.gauge("penstock.intake.lag.records"));
        work.put("answered", readings.count(RESULTS));
        return work;
    }

    private ArrayNode targets(Instant now) {
        ArrayNode targets = JSON.createArrayNode();
        for (TargetView view : sources.health().targets(now)) {
            ObjectNode target = targets.addObject();
            target.put("name", view.name());
            target.put("breaker", view.breaker());
            target.put("gate", view.gate());
            target.put("takes", takes(view.availability()));
            target.put("used", readings.gauge("penstock.target.concurrency.used", "target", view.name()));
            target.put("limit", readings.gauge("penstock.target.concurrency.limit", "target", view.name()));
            double attempts = readings.count("penstock.attempts", "target", view.name());
            double answered = readings.count("penstock.attempts", "target", view.name(), "outcome", "answered");
            target.put("attempts", attempts);
            target.put("failed", attempts - answered);
        }
        return targets;
    }

    private static String takes(Availability availability) {
        return switch (availability) {
            case Availability.Open open -> "open";
            case Availability.Busy busy -> "busy";
            case Availability.ClosedUntil closed -> closed.until().toString();
        };
    }

    private ObjectNode cache() {
        ObjectNode cache = JSON.createObjectNode();
        cache.put("hits", readings.count("penstock.cache.lookups", "result", "hit"));
        cache.put("misses", readings.count("penstock.cache.lookups", "result", "miss"));
        cache.put("coalesced", readings.count("penstock.cache.followers", "event", "coalesced"));
        cache.put("duplicates", readings.count(RESULTS, "source", "duplicate"));
        cache.put("entries", readings.gauge("penstock.cache.entries"));
        cache.put("bytes", readings.gauge("penstock.cache.size"));
        return cache;
    }

    private ObjectNode tokens() {
        ObjectNode tokens = JSON.createObjectNode();
        tokens.put("input", readings.total(TOKENS, TOKEN_TYPE, "input"));
        tokens.put("output", readings.total(TOKENS, TOKEN_TYPE, "output"));
        return tokens;
    }

    private ObjectNode deadLetters() {
        ObjectNode deadLetters = sources.topics().deadLetters();
        ObjectNode since = deadLetters.putObject("since_start");
        readings.countsBy(DEAD_LETTERS, "code").forEach(since::put);
        return deadLetters;
    }
}
