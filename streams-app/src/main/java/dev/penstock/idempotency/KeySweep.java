package dev.penstock.idempotency;

import dev.penstock.work.SweepTimes;
import dev.penstock.work.Transactions;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Forgets keys whose retention is over. Both of the stage's processors make keys final, and a wake-up is the processor's
 * that sets it; so each of them sweeps.
 */
final class KeySweep {

    private final ProcessorContext<?, ?> context;
    private final IdempotencyStore store;
    private final IdempotencyPolicy policy;
    private final Transactions transactions;

    KeySweep(ProcessorContext<?, ?> context, IdempotencyStore store, Idempotency stage) {
        this.context = context;
        this.store = store;
        this.policy = stage.policy();
        this.transactions = stage.transactions();
    }

    /** When the next is; null when no key is final. */
    @Nullable
    Instant next() {
        Instant next = store.expiries().next();
        return next == null ? null : SweepTimes.after(next);
    }

    /** Forgets as many as this transaction may carry. */
    void sweep(Instant now) {
        for (Bytes row = store.expiries().due(now);
                row != null && transactions.claim(context, "idempotency expiry", 0);
                row = store.expiries().due(now)) {
            forget(row, now);
        }
    }

    private void forget(Bytes indexKey, Instant now) {
        String hash = Keyspace.hashOfExpiry(indexKey);
        KeyEntry entry = store.key(hash);
        if (entry != null && policy.isExpired(entry, now)) {
            store.deleteKey(hash, entry);
        } else {
            store.expiries().delete(indexKey);
        }
    }
}
