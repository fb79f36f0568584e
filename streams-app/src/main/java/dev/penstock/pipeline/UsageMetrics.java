package dev.penstock.pipeline;

import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What calls used and cost, as the usage events say that this instance writes. Counted from 0 on for every target, so that a
 * growth over a day or a month misses nothing of the first event.
 */
final class UsageMetrics {

    private record Spent(Counter input, Counter cached, Counter output, Counter usd) {}

    private final MeterRegistry meters;
    private final Map<String, Spent> byTarget = new HashMap<>();

    /** @param targets every target that an event may name */
    UsageMetrics(MeterRegistry meters, List<String> targets) {
        this.meters = meters;
        for (String target : targets) {
            for (UsageEvent.Status status : UsageEvent.Status.values()) {
                byTarget.put(key(target, status), spent(target, status.wireName()));
            }
        }
    }

    private Spent spent(String target, String status) {
        return new Spent(
                tokens(target, status, "input"),
                tokens(target, status, "cached_input"),
                tokens(target, status, "output"),
                counter("penstock.usage.cost.usd", "US dollars, where a price is known", target, status)
                        .register(meters));
    }

    private Counter tokens(String target, String status, String type) {
        return counter("penstock.usage.tokens", "Tokens; the cached input is part of the input", target, status)
                .tag("type", type)
                .register(meters);
    }

    private static Counter.Builder counter(String name, String description, String target, String status) {
        return Counter.builder(name)
                .description(description)
                .tag("target", target)
                .tag("status", status);
    }

    /** Events of targets that the configuration no longer has are left to the usage topic. */
    void count(UsageEvent event) {
        Spent spent = byTarget.get(key(event.provider(), event.status()));
        if (spent == null) {
            return;
        }
        TokenUsage usage = event.usage();
        if (usage != null) {
            spent.input().increment((double) usage.promptTokens());
            spent.cached().increment((double) usage.cachedTokens());
            spent.output().increment((double) usage.completionTokens());
        }
        if (event.costUsd() != null) {
            spent.usd().increment(event.costUsd().doubleValue());
        }
    }

    private static String key(String target, UsageEvent.Status status) {
        return target + '|' + status.wireName();
    }
}
