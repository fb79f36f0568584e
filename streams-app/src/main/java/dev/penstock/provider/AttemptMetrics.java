package dev.penstock.provider;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Counts what attempt plans came to: retries and fallbacks by target, parked calls by reason. */
public final class AttemptMetrics {

    private final Map<String, Counter> retries = new HashMap<>();
    private final Map<String, Counter> fallbacks = new HashMap<>();
    private final Map<Step.Reason, Counter> parked = new EnumMap<>(Step.Reason.class);

    /** @param targets every target that a plan may name */
    public AttemptMetrics(MeterRegistry meters, List<String> targets, RetryBudget budget, InstantSource clock) {
        for (String target : targets) {
            retries.put(target, counter(meters, "penstock.retries", "Attempts at a target that had failed", target));
            fallbacks.put(
                    target, counter(meters, "penstock.fallbacks", "First attempts at a target down the chain", target));
        }
        for (Step.Reason reason : Step.Reason.values()) {
            parked.put(
                    reason,
                    Counter.builder("penstock.parks")
                            .description("Calls that went back to wait")
                            .tag("reason", reason.wireName())
                            .register(meters));
        }
        Gauge.builder("penstock.retry.budget.left", budget, left -> left.left(clock.instant()))
                .description("Retries that may be made now")
                .strongReference(true)
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String name, String description, String target) {
        return Counter.builder(name)
                .description(description)
                .tag("target", target)
                .register(meters);
    }

    public void planned(Step step) {
        switch (step) {
            case Step.Try attempt -> attempted(attempt);
            case Step.Park park ->
                Objects.requireNonNull(parked.get(park.reason())).increment();
            case Step.GiveUp end -> {}
        }
    }

    private void attempted(Step.Try attempt) {
        switch (attempt.kind()) {
            case FIRST -> {}
            case FALLBACK ->
                Objects.requireNonNull(fallbacks.get(attempt.target())).increment();
            case RETRY -> Objects.requireNonNull(retries.get(attempt.target())).increment();
        }
    }
}
