package dev.penstock.batching;

import dev.penstock.config.PenstockConfig;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.SharedNews;
import dev.penstock.work.TenantPolicies;
import dev.penstock.work.TokenCounter;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The batching stage, ready to be wired: what calls pass, and what shared calls come back to. */
public final class Batching {

    /** The name of the stage's one store. */
    public static final String STORE = "batching";

    private final BatchParts parts;

    /**
     * @param tenants says which tenants' policies allow it
     * @param counter weighs members against each other
     */
    public Batching(PenstockConfig config, TenantPolicies tenants, TokenCounter counter, BatchListener listener) {
        this.parts = new BatchParts(config, tenants, counter, listener);
    }

    /**
     * The stage that every call passes on its way to a provider.
     *
     * @param transactions bounds how many windows leave at once
     * @param gate receives how much waits in windows
     */
    public ProcessorSupplier<String, Object, String, Object> stage(
            Transactions transactions, IntakeGate gate, BatchRoutes routes) {
        return () -> new BatchProcessor(parts, transactions, gate, routes);
    }

    /** The stage that ends the members of shared calls, and publishes what each cost. */
    public ProcessorSupplier<String, SharedNews, String, Object> settling(
            Transactions transactions, IntakeGate gate, BatchSettlingRoutes routes) {
        return () -> new BatchSettling(parts, transactions, gate, routes);
    }
}
