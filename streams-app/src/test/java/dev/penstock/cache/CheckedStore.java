package dev.penstock.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A store in memory that counts what is written, and refuses what would leave a row without an entry. */
final class CheckedStore implements CacheStore {

    private record Row(Instant time, CacheKey key) {}

    private static final Comparator<Row> IN_TIME =
            Comparator.comparing(Row::time).thenComparing(row -> row.key().hash());

    private final Map<CacheKey, CacheEntry> entries = new HashMap<>();
    private final Map<String, SortedSet<Row>> byRecency = new HashMap<>();
    private final SortedSet<Row> byExpiry = new TreeSet<>(IN_TIME);
    private final Map<String, CacheTotals> totals = new HashMap<>();
    int writes;
    int deletions;

    Map<CacheKey, CacheEntry> entries() {
        return entries;
    }

    /** What the totals should be. */
    CacheTotals recounted(String tenant) {
        CacheTotals sum = CacheTotals.NONE;
        for (Map.Entry<CacheKey, CacheEntry> entry : entries.entrySet()) {
            sum = entry.getKey().tenant().equals(tenant) ? sum.plus(entry.getValue()) : sum;
        }
        return sum;
    }

    @Override
    public @Nullable CacheEntry get(CacheKey key) {
        return entries.get(key);
    }

    @Override
    public void put(CacheKey key, CacheEntry entry) {
        writes++;
        assertThat(entries.put(key, entry)).isNull();
        recency(key.tenant()).add(new Row(entry.usedAt(), key));
        byExpiry.add(new Row(entry.expiresAt(), key));
    }

    @Override
    public void touch(CacheKey key, CacheEntry before, CacheEntry after) {
        writes++;
        assertThat(entries.put(key, after)).isEqualTo(before);
        assertThat(recency(key.tenant()).remove(new Row(before.usedAt(), key))).isTrue();
        recency(key.tenant()).add(new Row(after.usedAt(), key));
    }

    @Override
    public void delete(CacheKey key, CacheEntry entry) {
        writes++;
        deletions++;
        assertThat(entries.remove(key)).isEqualTo(entry);
        assertThat(recency(key.tenant()).remove(new Row(entry.usedAt(), key))).isTrue();
        assertThat(byExpiry.remove(new Row(entry.expiresAt(), key))).isTrue();
    }

    @Override
    public List<CacheKey> leastRecentlyUsed(String tenant, int max) {
        return recency(tenant).stream().limit(max).map(Row::key).toList();
    }

    @Override
    public @Nullable CacheKey firstToExpire() {
        return byExpiry.isEmpty() ? null : byExpiry.first().key();
    }

    @Override
    public CacheTotals totals(String tenant) {
        return totals.getOrDefault(tenant, CacheTotals.NONE);
    }

    @Override
    public void putTotals(String tenant, CacheTotals before, CacheTotals sum) {
        writes++;
        assertThat(before).isEqualTo(totals(tenant));
        totals.put(tenant, sum);
    }

    private SortedSet<Row> recency(String tenant) {
        return byRecency.computeIfAbsent(tenant, name -> new TreeSet<>(IN_TIME));
    }
}
