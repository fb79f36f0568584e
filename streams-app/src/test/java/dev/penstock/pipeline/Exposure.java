package dev.penstock.pipeline;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a provider has billed or may yet bill, seen from outside: the worst case of every call that left and of which nobody
 * knows, and the true cost of every one that was answered. Beside it, what the usage events say.
 */
final class Exposure {

    /** Of a call with 100 output tokens at a tenth of a cent. */
    static final BigDecimal WORST = new BigDecimal("0.100");

    private static final BigDecimal ANSWERED = new BigDecimal("0.005");

    private final Map<String, BigDecimal> billed = new HashMap<>();
    private final Map<String, BigDecimal> events = new HashMap<>();
    private BigDecimal highest = BigDecimal.ZERO;

    void launched(Launch launch) {
        billed.put(launch.ticket().id() + "#" + launch.number(), WORST);
        highest = highest.max(sum(billed));
    }

    void ended(Outcome outcome) {
        String id = outcome.requestId() + "#" + outcome.attempt();
        switch (outcome.kind()) {
            case ANSWERED -> billed.put(id, ANSWERED);
            case NOT_SENT, PARKED -> billed.remove(id);
            case FAILED -> {
                if (!Objects.requireNonNull(outcome.failure()).possiblyBilled()) {
                    billed.remove(id);
                }
            }
            case LOST -> {}
        }
    }

    void charged(UsageEvent event) {
        events.put(event.eventId(), Objects.requireNonNullElse(event.costUsd(), BigDecimal.ZERO));
    }

    /** The most that could ever have been billed at one time. */
    BigDecimal highest() {
        return highest;
    }

    /** What the provider has billed at most. */
    BigDecimal billed() {
        return sum(billed);
    }

    /** What the usage events come to. */
    BigDecimal charged() {
        return sum(events);
    }

    private static BigDecimal sum(Map<String, BigDecimal> amounts) {
        return amounts.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
