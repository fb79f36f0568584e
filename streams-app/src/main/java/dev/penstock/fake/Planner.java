package dev.penstock.fake;

import dev.penstock.fake.FakeScript.FaultRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Decides what a call gets: refused as wrong, over its quota, what its prompt asks for, what the script draws, an answer. */
final class Planner {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String NO_KEY = "";

    private final InstantSource clock;
    private final QuotaGate quotas = new QuotaGate();
    private final ConcurrentMap<String, Integer> directed = new ConcurrentHashMap<>();
    private volatile FakeScript script;

    Planner(FakeScript script, InstantSource clock) {
        this.script = script;
        this.clock = clock;
    }

    void follow(FakeScript other) {
        script = other;
    }

    Plan plan(long sequence, byte[] body, String bodySha256, @Nullable String keySha256) {
        FakeScript now = script;
        SplittableRandom draws = new SplittableRandom(now.seed() * 0x9E3779B97F4A7C15L + sequence);
        Duration latency = now.latency().at(draws.nextDouble());
        double draw = draws.nextDouble();
        ObjectNode request = parse(body);
        if (request == null) {
            return new Plan(null, Optional.of(new Fault.Refuse(400, null, "invalid_request")), latency);
        }
        if (now.requireKey() && keySha256 == null) {
            return new Plan(request, Optional.of(new Fault.Refuse(401, null, "invalid_api_key")), latency);
        }
        Optional<Fault> fault = quotas.take(now.quotas(), keySha256 == null ? NO_KEY : keySha256, clock.instant())
                .or(() -> directive(request, bodySha256))
                .or(() -> drawn(now, keySha256, draw));
        return new Plan(request, fault, latency);
    }

    private static @Nullable ObjectNode parse(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            boolean usable = node instanceof ObjectNode
                    && node.path("model").isString()
                    && node.path("messages").isArray()
                    && !node.path("messages").isEmpty()
                    && !node.path("stream").asBoolean(false);
            return usable ? (ObjectNode) node : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private Optional<Fault> directive(ObjectNode request, String bodySha256) {
        try {
            return Directive.in(FakeAnswer.lastPrompt(request))
                    .filter(directive -> directive.times() >= timesSeen(directive, bodySha256))
                    .map(Directive::fault);
        } catch (ScriptException badDirective) {
            return Optional.of(new Fault.Refuse(400, null, "invalid_directive"));
        }
    }

    /** Counted only where it matters, so that a long run of directed calls holds no memory. */
    private int timesSeen(Directive directive, String bodySha256) {
        return directive.times() == Integer.MAX_VALUE ? 1 : directed.merge(bodySha256, 1, Integer::sum);
    }

    private static Optional<Fault> drawn(FakeScript script, @Nullable String keySha256, double draw) {
        double sum = 0;
        for (FaultRule rule : script.faults()) {
            sum += rule.isAbout(keySha256) ? rule.rate() : 0;
            if (rule.isAbout(keySha256) && draw < sum) {
                return Optional.of(rule.fault());
            }
        }
        return Optional.empty();
    }
}
