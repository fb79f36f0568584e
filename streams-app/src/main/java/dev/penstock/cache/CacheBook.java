package dev.penstock.cache;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The account of what is kept: a tenant's entries and bytes never exceed its limits, and the least recently used go first.
 * No step removes more than {@link CacheLimits#maxEvictions()} entries: an answer that needs more room than that is not
 * kept, and what was removed for it is room for the next one.
 */
final class CacheBook {

    /** What an entry costs beside its answer: its key, its account and two index rows, here and in the changelog. */
    static final long OVERHEAD_BYTES = 512;

    private final CacheLimits limits;
    private final CacheStore store;

    CacheBook(CacheLimits limits, CacheStore store) {
        this.limits = limits;
        this.store = store;
    }

    /** Looks for an answer. A hit moves the entry up at most once a minute; an expired entry is forgotten. */
    Found find(CacheKey key, Instant now) {
        CacheEntry entry = store.get(key);
        if (entry == null) {
            return new Found.Miss();
        }
        if (entry.hasExpired(now)) {
            forget(key, entry);
            return new Found.Miss();
        }
        return new Found.Hit(entry.isTouchDue(now) ? touched(key, entry, now) : entry);
    }

    private CacheEntry touched(CacheKey key, CacheEntry entry, Instant now) {
        CacheEntry after = entry.touched(now);
        store.touch(key, entry, after);
        return after;
    }

    /**
     * Makes room for an answer and enters it; the caller puts the answer itself beside it if it is kept. An earlier answer
     * of the key is forgotten in any case: it is older than what its asker got.
     *
     * @param answerBytes size of the answer as it is stored
     */
    Keeping keep(CacheKey key, long answerBytes, Duration ttl, Instant now) {
        CacheEntry before = store.get(key);
        if (before != null) {
            forget(key, before);
        }
        CacheEntry entry = CacheEntry.stored(answerBytes + OVERHEAD_BYTES, ttl, now);
        if (entry.bytes() > limits.maxEntryBytes()) {
            return new Keeping.TooLarge();
        }
        Room room = room(key.tenant(), entry);
        CacheTotals after = room.totals().plus(entry);
        if (!limits.hold(after)) {
            return new Keeping.NoRoom(room.evicted());
        }
        store.put(key, entry);
        store.putTotals(key.tenant(), room.totals(), after);
        return new Keeping.Kept(room.evicted());
    }

    /** What a tenant has when others had to go. */
    private record Room(CacheTotals totals, int evicted) {}

    private Room room(String tenant, CacheEntry entry) {
        CacheTotals totals = store.totals(tenant);
        if (limits.hold(totals.plus(entry))) {
            return new Room(totals, 0);
        }
        int evicted = 0;
        for (CacheKey oldest : store.leastRecentlyUsed(tenant, limits.maxEvictions())) {
            totals = forget(oldest, indexed(oldest));
            evicted++;
            if (limits.hold(totals.plus(entry))) {
                break;
            }
        }
        return new Room(totals, evicted);
    }

    /** Removes the entry that expired first, of all tenants. @return whether there was one */
    boolean forgetExpired(Instant now) {
        CacheKey first = store.firstToExpire();
        if (first == null) {
            return false;
        }
        CacheEntry entry = indexed(first);
        if (!entry.hasExpired(now)) {
            return false;
        }
        forget(first, entry);
        return true;
    }

    private CacheEntry indexed(CacheKey key) {
        @Nullable CacheEntry entry = store.get(key);
        if (entry == null) {
            throw new IllegalStateException("cache index: a row of tenant " + key.tenant() + " without its entry");
        }
        return entry;
    }

    private CacheTotals forget(CacheKey key, CacheEntry entry) {
        CacheTotals before = store.totals(key.tenant());
        CacheTotals after = before.minus(entry);
        store.delete(key, entry);
        store.putTotals(key.tenant(), before, after);
        return after;
    }
}
