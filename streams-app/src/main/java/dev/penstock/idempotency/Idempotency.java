package dev.penstock.idempotency;

import dev.penstock.config.IdempotencyConfig;
import dev.penstock.work.Admitted;
import dev.penstock.work.Emission;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The idempotency stage, ready to be wired: what requests pass, and what settled calls pass. */
public final class Idempotency {

    private Idempotency() {}

    /** The stage that every admitted request passes. */
    public static ProcessorSupplier<String, Admitted, String, Object> stage(
            IdempotencyConfig config, Transactions transactions, IdempotencyRoutes routes) {
        IdempotencyPolicy policy = new IdempotencyPolicy(config.retention());
        return () -> new IdempotencyProcessor(policy, transactions, routes);
    }

    /** The stage that every settled call passes. */
    public static ProcessorSupplier<String, Settled, String, Emission> settling(
            IdempotencyConfig config, Transactions transactions) {
        IdempotencyPolicy policy = new IdempotencyPolicy(config.retention());
        return () -> new IdempotencySettling(policy, transactions);
    }
}
