package dev.penstock.fake;

import dev.penstock.fake.FakeScript.FaultRule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Decides what a call gets: refused as wrong, over its quota, what its prompt asks for, what the script draws, an answer. */
final class Planner {

    private static final String NO_KEY = "";

    private final InstantSource clock;
    private final QuotaGate quotas = new QuotaGate();
    private final ConcurrentMap<String, Integer> directed = new ConcurrentHashMap<>();
    private final Gate gate = new Gate();
    private volatile FakeScript script;

    Planner(FakeScript script, InstantSource clock) {
        this.script = script;
        this.clock = clock;
        follow(script);
    }

    final void follow(FakeScript other) {
        script = other;
        if (other.hold()) {
            gate.shut();
        } else {
            gate.open();
        }
    }

    /** What a call that comes now waits for before anything else. */
    CountDownLatch opening() {
        return gate.opening();
    }

    /** Lets all go that are held: the provider ends. */
    void close() {
        gate.open();
    }

    /**
     * @param request null if it is not one of the API's
     */
    Plan plan(Api api, long sequence, @Nullable ObjectNode request, String bodySha256, @Nullable String keySha256) {
        FakeScript now = script;
        SplittableRandom draws = new SplittableRandom(now.seed() * 0x9E3779B97F4A7C15L + sequence);
        Duration latency = now.latency().at(draws.nextDouble());
        double draw = draws.nextDouble();
        if (request == null) {
            return new Plan(api, null, Optional.of(new Fault.Refuse(400, null, "invalid_request")), latency);
        }
        if (now.requireKey() && keySha256 == null) {
            return new Plan(api, request, Optional.of(new Fault.Refuse(401, null, "invalid_api_key")), latency);
        }
        if (now.contextTokens() > 0 && api.conversation(request).promptTokens() > now.contextTokens()) {
            return new Plan(api, request, Optional.of(new Fault.Refuse(400, null, "context_length_exceeded")), latency);
        }
        Optional<Fault> fault = quotas.take(now.quotas(), keySha256 == null ? NO_KEY : keySha256, clock.instant())
                .<Fault>map(api::refusal)
                .or(() -> directive(api, request, bodySha256))
                .or(() -> drawn(now, keySha256, draw));
        return new Plan(api, request, fault, latency);
    }

    private Optional<Fault> directive(Api api, ObjectNode request, String bodySha256) {
        try {
            return Directive.in(api.conversation(request).last())
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
