package dev.penstock.provider;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.TargetConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/**
 * One target with everything around it. From the outside in:
 *
 * <ol>
 *   <li>The breaker stands first: a target that fails costs nothing, not even a place in the rate, and a probe is spent only on
 *       a call that everything further in lets through.
 *   <li>The rate gate comes before the bulkhead: it belongs to the account, and what it turns away must not hold a permit of
 *       the target while it waits.
 *   <li>The bulkhead comes before the metrics, so that a call that waits for a place is not timed.
 *   <li>The metrics see exactly the attempts that are made, one each.
 *   <li>HTTP makes the attempt.
 * </ol>
 *
 * <p>The deadline and the attempt plan stand before all of these and are no part of a target: they choose between targets.
 * A call enters from the outside in, each layer locked until the one inside has answered, so that nobody is told "busy" over
 * a place that comes back unused; it leaves from the inside out, one layer at a time. Layers are locked in this order only.
 */
final class ProviderStack {

    private final String name;
    private final String quota;
    private final long contextTokens;
    private final Provider provider;
    private final ConcurrencyLimit concurrency;
    private final RateGateTarget gate;
    private final Breaker breaker;
    private final Target top;

    ProviderStack(
            TargetConfig config,
            Provider provider,
            RateGate account,
            BreakerConfig breakerConfig,
            MeterRegistry meters,
            InstantSource clock,
            TargetListener listener) {
        this.name = config.name();
        this.provider = provider;
        this.quota = config.quota();
        this.contextTokens = config.contextTokens();
        this.concurrency = new ConcurrencyLimit(config.maxConcurrency());
        this.breaker = new Breaker(name, breakerConfig, config.maxConcurrency(), clock);

        Target http = new HttpTarget(name, provider);
        Target metered = new MeteredTarget(
                http, new AttemptMeters(meters, config), meters.config().clock());
        Target bulkhead = new BulkheadTarget(metered, concurrency, clock);
        this.gate = new RateGateTarget(bulkhead, account, breakerConfig.longestProbe(), clock, listener);
        this.top = new BreakerTarget(gate, breaker, clock, listener);
    }

    String name() {
        return name;
    }

    Target top() {
        return top;
    }

    /** Of what a call asks for, what it can use here at most. */
    long usable(long tokens) {
        return contextTokens == 0 ? tokens : Math.min(tokens, contextTokens);
    }

    Provider provider() {
        return provider;
    }

    Breaker breaker() {
        return breaker;
    }

    RateGateTarget gate() {
        return gate;
    }

    String quota() {
        return quota;
    }

    ConcurrencyLimit concurrency() {
        return concurrency;
    }
}
