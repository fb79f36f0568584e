package dev.penstock.cache;

import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.TimeIndex;
import dev.penstock.work.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers and the account of them, in the stage's one store.
 *
 * <p>A tenant's index by recency is consumed from its start, where deleted rows then lie for a while. So it remembers where
 * the first living row was found, and looks from there; what is put in before that moves the mark back.
 */
final class AnswerStore implements CacheStore {

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final CacheSize size;
    private final TimeIndex expiries;
    private final Map<String, Instant> oldestUse = new HashMap<>();

    /** @param size receives what is added and removed */
    AnswerStore(KeyValueStore<Bytes, byte[]> store, CacheSize size) {
        this.store = store;
        this.size = size;
        this.expiries = new TimeIndex(store, CacheKeyspace.EXPIRY);
    }

    @Override
    public @Nullable CacheEntry get(CacheKey key) {
        byte[] stored = store.get(CacheKeyspace.entry(key));
        return stored == null ? null : StateCodec.read(stored, CacheEntry.class);
    }

    @Override
    public void put(CacheKey key, CacheEntry entry) {
        store.put(CacheKeyspace.entry(key), StateCodec.write(entry));
        store.put(CacheKeyspace.recency(key, entry.usedAt()), PRESENT);
        expiries.put(CacheKeyspace.expiry(key, entry.expiresAt()));
        used(key.tenant(), entry.usedAt());
    }

    @Override
    public void touch(CacheKey key, CacheEntry before, CacheEntry after) {
        store.delete(CacheKeyspace.recency(key, before.usedAt()));
        store.put(CacheKeyspace.recency(key, after.usedAt()), PRESENT);
        store.put(CacheKeyspace.entry(key), StateCodec.write(after));
        used(key.tenant(), after.usedAt());
    }

    private void used(String tenant, Instant at) {
        oldestUse.computeIfPresent(tenant, (name, oldest) -> earlier(oldest, at));
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    @Override
    public void delete(CacheKey key, CacheEntry entry) {
        store.delete(CacheKeyspace.entry(key));
        store.delete(CacheKeyspace.answer(key));
        store.delete(CacheKeyspace.recency(key, entry.usedAt()));
        expiries.delete(CacheKeyspace.expiry(key, entry.expiresAt()));
    }

    @Override
    public List<CacheKey> leastRecentlyUsed(String tenant, int max) {
        Instant from = oldestUse.getOrDefault(tenant, Instant.EPOCH);
        List<CacheKey> oldest = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(CacheKeyspace.recencyFrom(tenant, from), CacheKeyspace.endOfRecency(tenant))) {
            while (rows.hasNext() && oldest.size() < max) {
                Bytes row = rows.next().key;
                if (oldest.isEmpty()) {
                    oldestUse.put(tenant, CacheKeyspace.timeOfRecency(tenant, row));
                }
                oldest.add(CacheKeyspace.keyOfRecency(tenant, row));
            }
        }
        return oldest;
    }

    @Override
    public @Nullable CacheKey firstToExpire() {
        Bytes row = expiries.first();
        return row == null ? null : CacheKeyspace.keyOfExpiry(row);
    }

    /** When the first entry expires; null when there is none. */
    @Nullable
    Instant nextExpiry() {
        return expiries.next();
    }

    @Override
    public CacheTotals totals(String tenant) {
        byte[] stored = store.get(CacheKeyspace.totals(tenant));
        return stored == null ? CacheTotals.NONE : StateCodec.read(stored, CacheTotals.class);
    }

    @Override
    public void putTotals(String tenant, CacheTotals before, CacheTotals totals) {
        size.changed(before, totals);
        if (totals.entries() == 0) {
            store.delete(CacheKeyspace.totals(tenant));
            oldestUse.remove(tenant);
        } else {
            store.put(CacheKeyspace.totals(tenant), StateCodec.write(totals));
        }
    }

    /** What all tenants' entries come to. */
    CacheTotals allTotals() {
        long entries = 0;
        long bytes = 0;
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(CacheKeyspace.TOTALS), StateKeys.endOf(CacheKeyspace.TOTALS))) {
            while (rows.hasNext()) {
                CacheTotals totals = StateCodec.read(rows.next().value, CacheTotals.class);
                entries += totals.entries();
                bytes += totals.bytes();
            }
        }
        return new CacheTotals(entries, bytes);
    }

    /** The answer that lies beside an entry. */
    Verdict.Answer answer(CacheKey key) {
        byte[] stored = store.get(CacheKeyspace.answer(key));
        if (stored == null) {
            throw new IllegalStateException("cache: an entry of tenant " + key.tenant() + " without its answer");
        }
        return (Verdict.Answer) StateCodec.read(stored, Verdict.class);
    }

    /** The size of the answer that is kept under a key, as it is read; 0 if none is. */
    long bytesOf(CacheKey key) {
        byte[] stored = store.get(CacheKeyspace.answer(key));
        return stored == null ? 0 : StateCodec.plainBytes(stored);
    }

    /** @param answer as {@link #encoded} made it */
    void putAnswer(CacheKey key, byte[] answer) {
        store.put(CacheKeyspace.answer(key), answer);
    }

    static byte[] encoded(Verdict.Answer answer) {
        return StateCodec.write(answer);
    }
}
