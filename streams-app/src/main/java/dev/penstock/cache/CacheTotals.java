package dev.penstock.cache;

/** What a tenant's entries come to. */
record CacheTotals(long entries, long bytes) {

    static final CacheTotals NONE = new CacheTotals(0, 0);

    CacheTotals plus(CacheEntry entry) {
        return new CacheTotals(entries + 1, bytes + entry.bytes());
    }

    CacheTotals minus(CacheEntry entry) {
        return new CacheTotals(entries - 1, bytes - entry.bytes());
    }
}
