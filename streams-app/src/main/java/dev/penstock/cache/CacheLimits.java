package dev.penstock.cache;

/**
 * How much of a tenant is kept. The limits hold after every step, whatever came before.
 *
 * @param maxEntries answers of a tenant, at least 1
 * @param maxBytes the same, by size, overhead included
 * @param maxEntryBytes a larger answer is not kept, so that one does not push out a thousand
 * @param maxEvictions answers that one step may remove, at least 1
 */
record CacheLimits(long maxEntries, long maxBytes, long maxEntryBytes, int maxEvictions) {

    CacheLimits {
        atLeastOne("maxEntries", maxEntries);
        atLeastOne("maxBytes", maxBytes);
        atLeastOne("maxEvictions", maxEvictions);
        if (maxEntryBytes < 1 || maxEntryBytes > maxBytes) {
            throw new IllegalArgumentException("maxEntryBytes: " + maxEntryBytes + " (expected: 1.." + maxBytes + ")");
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }

    boolean hold(CacheTotals totals) {
        return totals.entries() <= maxEntries && totals.bytes() <= maxBytes;
    }
}
