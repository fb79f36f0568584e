package dev.penstock.cache;

import dev.penstock.config.CacheConfig;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.KeptAnswers;
import dev.penstock.work.Lead;
import dev.penstock.work.Settled;
import dev.penstock.work.TenantPolicies;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The cache stage, ready to be wired: what requests pass, and what settled calls pass. */
public final class Caching {

    /** The name of the stage's one store. */
    public static final String STORE = "cache";

    private final CacheParts parts;
    private final Transactions transactions;

    /**
     * @param tenants says what tenants' policies say of it
     * @param gate receives how much follows calls in flight
     */
    public Caching(
            CacheConfig config,
            TenantPolicies tenants,
            Transactions transactions,
            IntakeGate gate,
            CacheListener listener) {
        this.parts = new CacheParts(config, tenants, gate, listener);
        this.transactions = transactions;
    }

    /** What requests that come to this stage are given at once. */
    public KeptAnswers kept() {
        return parts::bytesFor;
    }

    /** The stage that the first request of every idempotency key passes. */
    public ProcessorSupplier<String, Lead, String, Object> stage(CacheRoutes routes) {
        return () -> new CacheProcessor(parts, transactions, routes);
    }

    /** The stage that every settled call passes. */
    public ProcessorSupplier<String, Settled, String, Settled> settling() {
        return () -> new CacheSettling(parts, transactions);
    }
}
