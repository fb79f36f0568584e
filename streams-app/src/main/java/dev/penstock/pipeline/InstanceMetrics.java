package dev.penstock.pipeline;

import dev.penstock.budget.Budgets;
import dev.penstock.dispatch.UnwrittenOutcomes;
import dev.penstock.work.IntakeGate.Place;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** How an instance stands: ready or not, what it still restores and catches up to, what is left on its topics, and what is not written to them. */
final class InstanceMetrics {

    private static final double MILLIS_PER_SECOND = 1000;

    private final MeterRegistry meters;

    InstanceMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void ready(BooleanSupplier ready) {
        Gauge.builder("penstock.ready", () -> ready.getAsBoolean() ? 1 : 0)
                .description("1 while requests are taken in")
                .register(meters);
    }

    void restore(RestoreProgress restore) {
        Gauge.builder("penstock.restore.changelogs", restore, RestoreProgress::changelogs)
                .description("Changelogs that are being read back")
                .strongReference(true)
                .register(meters);
        Gauge.builder("penstock.restore.records.left", restore, RestoreProgress::records)
                .description("Records of them that are still to be read")
                .strongReference(true)
                .register(meters);
    }

    void intake(IntakeValve valve) {
        Gauge.builder(
                        "penstock.intake.catching.up.partitions",
                        () -> valve.catchingUp().size())
                .description("Partitions whose intake waits for what must be read first")
                .register(meters);
    }

    /** Rows of the stores by kind, of those kinds that stages count in memory. */
    void rows(IntakeValve valve, Budgets budgets) {
        rows("duplicates", () -> valve.following(Place.DUPLICATES));
        rows("coalesced", () -> valve.following(Place.FOLLOWERS));
        rows("windows", () -> valve.waiting(Place.WINDOWS));
        rows("reservations", budgets::reservations);
        rows("ledgers", budgets::ledgers);
    }

    private void rows(String kind, IntSupplier rows) {
        Gauge.builder("penstock.store.rows", rows::getAsInt)
                .description("Rows that the stores of this instance's partitions hold")
                .tag("kind", kind)
                .register(meters);
    }

    void outcomes(UnwrittenOutcomes unwritten, KafkaOutcomePublisher publisher, InstantSource clock) {
        Gauge.builder("penstock.outcomes.unacknowledged", unwritten, UnwrittenOutcomes::count)
                .description("Outcomes of calls that the broker has not acknowledged yet")
                .strongReference(true)
                .register(meters);
        Gauge.builder(
                        "penstock.outcomes.unacknowledged.oldest.age",
                        () -> unwritten.oldestAge(clock.instant()).toMillis() / MILLIS_PER_SECOND)
                .description("Time since the oldest of them was handed over")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("penstock.outcomes.unacknowledged.size", publisher, KafkaOutcomePublisher::unacknowledgedBytes)
                .description("What the producer holds of them")
                .baseUnit("bytes")
                .strongReference(true)
                .register(meters);
        FunctionCounter.builder("penstock.outcomes.failed", publisher, KafkaOutcomePublisher::failed)
                .description("Outcomes that the broker refused for good; their calls are in doubt")
                .register(meters);
    }

    void lag(IntakeLag lag) {
        for (String topic : lag.topics()) {
            Gauge.builder("penstock.intake.lag.records", () -> lag.records(topic))
                    .description("Records of this instance's partitions that are not taken in yet")
                    .tag("topic", topic)
                    .register(meters);
        }
    }
}
