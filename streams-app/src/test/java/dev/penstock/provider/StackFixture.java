package dev.penstock.provider;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Real targets under a fake clock, around providers that do what the test says, one call at a time. */
final class StackFixture implements TargetListener {

    static final BreakerConfig BREAKER = breaker(Duration.ofSeconds(60), 3, Duration.ofSeconds(30));

    static BreakerConfig breaker(Duration window, int probes, Duration longestProbe) {
        return new BreakerConfig(5, 50, window, Duration.ofSeconds(60), probes, longestProbe, Duration.ofSeconds(30));
    }

    /** What the provider of every target does next. */
    interface Script {
        ProviderReply play(ProviderCall call) throws InterruptedException;
    }

    final FakeClock clock = new FakeClock();
    final MeterRegistry meters;
    final List<String> breakerNews = new ArrayList<>();
    final List<String> closings = new ArrayList<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private Script script = call -> Replies.answered();
    final Targets targets;

    StackFixture(TargetConfig... configs) {
        this(BREAKER, new SimpleMeterRegistry(), configs);
    }

    StackFixture(BreakerConfig breaker, MeterRegistry meters, TargetConfig... configs) {
        this.meters = meters;
        this.targets = new Targets(List.of(configs), breaker, this::provider, meters, clock, this);
    }

    static TargetConfig target(String name) {
        return target(name, name, 0, 0, 100);
    }

    static TargetConfig target(String name, String quota, int rpm, long tpm, int concurrency) {
        return new TargetConfig(
                name,
                TargetConfig.Kind.OPENAI,
                URI.create("http://127.0.0.1:1"),
                null,
                "gpt-4o-mini",
                null,
                null,
                Duration.ofSeconds(5),
                1024,
                100,
                4096,
                rpm,
                tpm,
                concurrency,
                100,
                quota);
    }

    /** The same, of a model with that context. */
    static TargetConfig withContext(TargetConfig target, long contextTokens) {
        return new TargetConfig(
                target.name(),
                target.kind(),
                target.baseUrl(),
                target.apiKey(),
                target.model(),
                target.price(),
                target.timeout(),
                target.asked(),
                target.connectTimeout(),
                target.maxAnswerBytes(),
                target.maxConnections(),
                target.maxOutputTokens(),
                target.rpmLimit(),
                target.tpmLimit(),
                target.maxConcurrency(),
                target.share(),
                target.quota(),
                contextTokens,
                target.tokenizer(),
                target.connections(),
                target.tokensOfPart());
    }

    static ProviderCall call() {
        return new ProviderCall(
                "key",
                "/v1/chat/completions",
                JsonMapper.shared().createObjectNode().put("model", "gpt-4o-mini"),
                Duration.ofSeconds(30),
                null);
    }

    /** One whose request says how long its attempts may take. */
    static ProviderCall callWithin(Duration timeout) {
        ProviderCall call = call();
        return new ProviderCall(
                call.idempotencyKey(), "", call.url(), call.body(), timeout, call.timeout(), call.traceparent());
    }

    /** An attempt of a tenant. */
    void attemptOf(String tenant, String target, ProviderReply reply) {
        if (!(enterAs(tenant, target) instanceof Entry.Entered entered)) {
            throw new AssertionError(tenant + " is kept out of " + target);
        }
        end(entered.lease(), reply);
    }

    Entry enterAs(String tenant, String target) {
        return targets.enter(target, 0, tenant, 1, clock.instant());
    }

    Availability lookAs(@Nullable String tenant, String target) {
        return targets.look(List.of(target), 0, tenant, clock.instant())
                .getFirst()
                .availability();
    }

    private Provider provider(TargetConfig config) {
        return new Provider() {
            @Override
            public ProviderReply call(ProviderCall call) throws InterruptedException {
                calls.merge(config.name(), 1, Integer::sum);
                return script.play(call);
            }

            @Override
            public void close() {}
        };
    }

    void willDo(Script next) {
        script = next;
    }

    void willReply(ProviderReply reply) {
        script = call -> reply;
    }

    void willFail(FailureClass failure) {
        willReply(Replies.failed(failure));
    }

    /** Attempts that reached the provider of a target. */
    int calls(String target) {
        return Objects.requireNonNull(calls.getOrDefault(target, 0));
    }

    Availability look(String target) {
        return targets.look(List.of(target), 0, "", clock.instant()).getFirst().availability();
    }

    TargetView view(String target) {
        return targets.look(List.of(target), 0, "", clock.instant()).getFirst();
    }

    Entry enter(String target) {
        return enter(target, 1);
    }

    Entry enter(String target, long tokens) {
        return targets.enter(target, 0, "", tokens, clock.instant());
    }

    /** Enters; fails the test if there is no room. */
    Lease lease(String target) {
        return entered(target, 1);
    }

    /** As {@link #lease}, for a call of so many tokens. */
    Lease entered(String target, long tokens) {
        return switch (enter(target, tokens)) {
            case Entry.Entered entered -> entered.lease();
            case Entry.NotNow notNow -> throw new AssertionError(target + ": " + notNow.why());
        };
    }

    /** Enters and makes the attempt. */
    ProviderReply attempt(String target) {
        return call(lease(target));
    }

    ProviderReply attempt(String target, ProviderReply reply) {
        willReply(reply);
        return attempt(target);
    }

    void attempts(int times, String target, ProviderReply reply) {
        for (int i = 0; i < times; i++) {
            attempt(target, reply);
        }
    }

    static ProviderReply call(Lease lease) {
        try {
            return lease.call(call());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends an attempt that began earlier. */
    ProviderReply end(Lease lease, ProviderReply reply) {
        willReply(reply);
        return call(lease);
    }

    /** How many enter now, one after the other, before one is told to wait. Their leases are kept. */
    List<Lease> enterAll(String target) {
        List<Lease> leases = new ArrayList<>();
        while (enter(target) instanceof Entry.Entered entered) {
            leases.add(entered.lease());
        }
        return leases;
    }

    @Override
    public void breaker(String target, String from, String to, Instant at) {
        breakerNews.add(target + " " + from + " -> " + to);
    }

    @Override
    public void closed(String target, FailureClass why, Instant until, Instant at) {
        closings.add(target + " " + why.wireName() + " for " + Duration.between(at, until));
    }
}
