package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;

/** How the targets stand, read when somebody asks. */
final class TargetGauges {

    private final MeterRegistry meters;
    private final InstantSource clock;

    TargetGauges(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
    }

    void register(ProviderStack stack) {
        gauge(stack, "penstock.breaker.state", "0 closed, 1 half-open, 2 open", TargetGauges::breakerState);
        gauge(
                stack,
                "penstock.target.state",
                "0 takes calls, 1 has no room, 2 closed",
                target -> targetState(target.top().look(null, clock.instant())));
        gauge(
                stack,
                "penstock.gate.state",
                "0 open, 1 lets some through, 2 closed by what the provider said",
                target -> gateState(target.gate().state(clock.instant())));
        gauge(
                stack,
                "penstock.target.concurrency.limit",
                "Calls that the target gets at once",
                target -> target.concurrency().limit());
        gauge(
                stack,
                "penstock.target.concurrency.used",
                "Calls that the target has now",
                target -> target.concurrency().inUse());
        closedSeconds(
                stack.gate(),
                RateGateTarget::refusedSeconds,
                closing(stack.quota(), stack.name(), FailureClass.CREDENTIALS));
    }

    /** Throttling and spend caps hold for an account: they count once, not for each of its targets. */
    void register(String quota, RateGate gate) {
        for (FailureClass reason : new FailureClass[] {FailureClass.THROTTLED, FailureClass.SPEND_CAPPED}) {
            closedSeconds(gate, closed -> closed.closedSeconds(reason), closing(quota, "", reason));
        }
    }

    private static Tags closing(String quota, String target, FailureClass reason) {
        return Tags.of("quota", quota, "target", target, "reason", reason.wireName());
    }

    private <T> void closedSeconds(T gate, ToDoubleFunction<T> seconds, Tags tags) {
        FunctionCounter.builder("penstock.gate.closed", gate, seconds)
                .description("Time for which providers turned calls away, counted when a closing begins")
                .baseUnit("seconds")
                .tags(tags)
                .register(meters);
    }

    private void gauge(ProviderStack stack, String name, String description, ToDoubleFunction<ProviderStack> value) {
        Gauge.builder(name, stack, value)
                .description(description)
                .tag("target", stack.name())
                .strongReference(true)
                .register(meters);
    }

    private static double breakerState(ProviderStack stack) {
        return switch (stack.breaker().state()) {
            case OPEN -> 2;
            case HALF_OPEN -> 1;
            default -> 0;
        };
    }

    private static double gateState(String state) {
        return switch (state) {
            case "open" -> 0;
            case "one_at_a_time", "rate_limited" -> 1;
            default -> 2;
        };
    }

    private static double targetState(Availability availability) {
        return switch (availability) {
            case Availability.Open open -> 0;
            case Availability.Busy busy -> 1;
            case Availability.ClosedUntil closed -> 2;
        };
    }
}
