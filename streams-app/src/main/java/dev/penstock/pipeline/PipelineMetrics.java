package dev.penstock.pipeline;

import dev.penstock.dispatch.Permits;
import dev.penstock.outcome.TerminalListener;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the pipeline counts: terminals by source and code, time in the pipeline, permits. */
final class PipelineMetrics implements TerminalListener {

    private final Map<Source, Counter> results = new EnumMap<>(Source.class);
    private final Map<DeadLetterCode, Counter> deadLetters = new EnumMap<>(DeadLetterCode.class);
    private final Timer total;
    private final Timer queue;
    private final UsageMetrics usage;

    /** @param targets every target that calls may go to */
    PipelineMetrics(
            MeterRegistry meters,
            List<String> targets,
            Permits permits,
            IntakeValve valve,
            WaitingCounts waiting,
            InstantSource clock) {
        this.usage = new UsageMetrics(meters, targets);
        for (Source source : Source.values()) {
            results.put(
                    source,
                    Counter.builder("penstock.results")
                            .description("Results written")
                            .tag("source", source.wireName())
                            .register(meters));
        }
        for (DeadLetterCode code : DeadLetterCode.values()) {
            deadLetters.put(
                    code,
                    Counter.builder("penstock.dead.letters")
                            .description("Dead letters written")
                            .tag("code", code.code())
                            .tag("stage", code.stage().wireName())
                            .register(meters));
        }
        this.total = timer(meters, "penstock.request.duration", "From intake to result");
        this.queue = timer(meters, "penstock.queue.duration", "From intake until the call left");
        Gauge.builder("penstock.calls.in.flight", permits, Permits::inUse)
                .description("Calls that hold a permit")
                .register(meters);
        Gauge.builder("penstock.calls.permits", permits, Permits::capacity)
                .description("Calls that may be in flight")
                .register(meters);
        Gauge.builder("penstock.calls.permits.unused", permits, Permits::unused)
                .description("Permits that are kept for partitions whose calls have not left yet")
                .register(meters);
        Gauge.builder("penstock.calls.waiting", waiting, WaitingCounts::waiting)
                .description("Calls that wait, parked ones included")
                .register(meters);
        Gauge.builder("penstock.calls.held", waiting, WaitingCounts::held)
                .description("Calls that budgets hold")
                .register(meters);
        Gauge.builder("penstock.calls.held.size", waiting, WaitingCounts::heldBytes)
                .description("Their bytes, with 1 KiB for each call itself")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("penstock.calls.parked", waiting, WaitingCounts::parked)
                .description("Calls that wait for a time or for a target to open")
                .register(meters);
        Gauge.builder("penstock.calls.parked.oldest.age", () -> waiting.oldestParkedSeconds(clock.instant()))
                .description("Time since the oldest parked call was admitted")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("penstock.calls.in.doubt", waiting, WaitingCounts::inDoubt)
                .description("Calls past their lease that may have been made, and whose outcome is not there")
                .register(meters);
        Gauge.builder("penstock.calls.in.doubt.oldest.age", () -> waiting.oldestInDoubtSeconds(clock.instant()))
                .description("Time since the oldest of them has been in doubt")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder(
                        "penstock.intake.closed.partitions",
                        valve,
                        gate -> gate.full().size())
                .description("Partitions whose intake is closed because too much waits")
                .register(meters);
    }

    private static Timer timer(MeterRegistry meters, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram(false)
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2))
                .register(meters);
    }

    @Override
    public void result(Source source, Instant sentAt, Instant admittedAt, Instant now) {
        Objects.requireNonNull(results.get(source)).increment();
        total.record(notNegative(Duration.between(admittedAt, now)));
        if (source == Source.PROVIDER) {
            queue.record(notNegative(Duration.between(admittedAt, sentAt)));
        }
    }

    @Override
    public void deadLetter(DeadLetterCode code) {
        Objects.requireNonNull(deadLetters.get(code)).increment();
    }

    @Override
    public void spent(UsageEvent event) {
        usage.count(event);
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
