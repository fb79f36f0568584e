package dev.penstock.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the account needs of a store: entries, two indexes over them, and a number of totals. A store belongs to one task and
 * is used by one thread; what it writes becomes durable together.
 */
interface CacheStore {

    @Nullable
    CacheEntry get(CacheKey key);

    /** Writes an entry that was not there, and its rows in both indexes. */
    void put(CacheKey key, CacheEntry entry);

    /** Moves an entry to its new place in the index by recency. */
    void touch(CacheKey key, CacheEntry before, CacheEntry after);

    /** Forgets an entry, its rows in both indexes and the answer that lies beside it. */
    void delete(CacheKey key, CacheEntry entry);

    /** The tenant's entries, least recently used first, at most as many as asked. */
    List<CacheKey> leastRecentlyUsed(String tenant, int max);

    /** The entry of all tenants that expires first; null when there is none. */
    @Nullable
    CacheKey firstToExpire();

    /** {@link CacheTotals#NONE} for a tenant that has nothing. */
    CacheTotals totals(String tenant);

    /**
     * Forgets the tenant when the totals are none.
     *
     * @param before what {@link #totals} says
     */
    void putTotals(String tenant, CacheTotals before, CacheTotals after);
}
