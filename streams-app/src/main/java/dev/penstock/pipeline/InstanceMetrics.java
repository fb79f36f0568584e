package dev.penstock.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** How an instance stands: ready or not, what it still restores and catches up to, and what is left on its topics. */
final class InstanceMetrics {

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

    void lag(IntakeLag lag) {
        for (String topic : lag.topics()) {
            Gauge.builder("penstock.intake.lag.records", () -> lag.records(topic))
                    .description("Records of this instance's partitions that are not taken in yet")
                    .tag("topic", topic)
                    .register(meters);
        }
    }
}
