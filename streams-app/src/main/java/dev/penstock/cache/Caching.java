package dev.penstock.cache;

import dev.penstock.config.CacheConfig;
import dev.penstock.work.Lead;
import dev.penstock.work.Settled;
import dev.penstock.work.Transactions;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The cache stage, ready to be wired: what requests pass, and what settled calls pass. */
public final class Caching {

    /** The name of the stage's one store. */
    public static final String STORE = "cache";

    private Caching() {}

    /** The stage that the first request of every idempotency key passes. */
    public static ProcessorSupplier<String, Lead, String, Object> stage(
            CacheConfig config, Transactions transactions, CacheListener listener, CacheRoutes routes) {
        CacheParts parts = new CacheParts(config, listener);
        return () -> new CacheProcessor(parts, transactions, routes);
    }

    /** The stage that every settled call passes. */
    public static ProcessorSupplier<String, Settled, String, Settled> settling(
            CacheConfig config, Transactions transactions, CacheListener listener) {
        CacheParts parts = new CacheParts(config, listener);
        return () -> new CacheSettling(parts, transactions);
    }
}
