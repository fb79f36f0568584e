package dev.penstock.cache;

import dev.penstock.work.StateKeys;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the cache store, beside those of its followers. Whatever belongs to a tenant has the tenant's name in its key,
 * although the hash covers the tenant too: no tenant's range reaches into another's.
 */
final class CacheKeyspace {

    static final byte ENTRY = 'E';
    static final byte ANSWER = 'A';
    static final byte RECENCY = 'R';
    static final byte EXPIRY = 'X';
    static final byte TOTALS = 'T';
    static final byte FLIGHT = 'L';
    static final byte GROUP = 'G';
    static final byte SHARED = 'V';
    static final byte FAN_OUT = 'Q';
    static final byte RELEASE = 'H';

    private CacheKeyspace() {}

    static Bytes entry(CacheKey key) {
        return ofKey(ENTRY, key);
    }

    static Bytes answer(CacheKey key) {
        return ofKey(ANSWER, key);
    }

    static Bytes flight(CacheKey key) {
        return ofKey(FLIGHT, key);
    }

    static CacheKey keyOfFlight(Bytes key) {
        String tenant = StateKeys.endedAt(key, 1);
        return new CacheKey(tenant, StateKeys.textFrom(key, placeOfTime(tenant)));
    }

    private static Bytes ofKey(byte kind, CacheKey key) {
        return StateKeys.of(kind, StateKeys.ended(key.tenant()), StateKeys.text(key.hash()));
    }

    static Bytes recency(CacheKey key, Instant usedAt) {
        return StateKeys.of(
                RECENCY, StateKeys.ended(key.tenant()), StateKeys.millis(usedAt), StateKeys.text(key.hash()));
    }

    static Bytes recencyFrom(String tenant, Instant usedAt) {
        return StateKeys.of(RECENCY, StateKeys.ended(tenant), StateKeys.millis(usedAt));
    }

    static Bytes endOfRecency(String tenant) {
        return StateKeys.of(RECENCY, StateKeys.text(tenant), new byte[] {1});
    }

    static Instant timeOfRecency(String tenant, Bytes indexKey) {
        return StateKeys.timeAt(indexKey, placeOfTime(tenant));
    }

    static CacheKey keyOfRecency(String tenant, Bytes indexKey) {
        return new CacheKey(tenant, StateKeys.textFrom(indexKey, placeOfTime(tenant) + Long.BYTES));
    }

    private static int placeOfTime(String tenant) {
        return 1 + StateKeys.ended(tenant).length;
    }

    static Bytes expiry(CacheKey key, Instant expiresAt) {
        return StateKeys.of(
                EXPIRY, StateKeys.millis(expiresAt), StateKeys.ended(key.tenant()), StateKeys.text(key.hash()));
    }

    static CacheKey keyOfExpiry(Bytes indexKey) {
        String tenant = StateKeys.endedAt(indexKey, 1 + Long.BYTES);
        return new CacheKey(tenant, StateKeys.textFrom(indexKey, 1 + Long.BYTES + StateKeys.ended(tenant).length));
    }

    static Bytes totals(String tenant) {
        return StateKeys.of(TOTALS, StateKeys.text(tenant));
    }

    /** Of a follower that leads now, while others follow it under the name that they had. */
    static Bytes group(String leader) {
        return StateKeys.of(GROUP, StateKeys.text(leader));
    }

    static Bytes shared(String group) {
        return StateKeys.of(SHARED, StateKeys.text(group));
    }
}
