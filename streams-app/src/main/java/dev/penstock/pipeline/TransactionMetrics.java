package dev.penstock.pipeline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What is shown of the transactions of stream threads: the broker aborts one that is open for too long. */
final class TransactionMetrics {

    private TransactionMetrics() {}

    /** @param timeout after which the broker aborts a transaction */
    static void register(MeterRegistry meters, Outboxes outboxes, Duration timeout) {
        Gauge.builder("penstock.transaction.age", outboxes, Outboxes::longestSeconds)
                .description("Longest work on one transaction in the last minutes, those still open included")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("penstock.transaction.timeout", timeout, limit -> limit.toMillis() / 1000.0)
                .description("After which the broker aborts a transaction")
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
        FunctionCounter.builder("penstock.step.budget.exhausted", outboxes, Outboxes::exhaustedCount)
                .description("Transactions that left work of their thread to a later one")
                .register(meters);
    }
}
