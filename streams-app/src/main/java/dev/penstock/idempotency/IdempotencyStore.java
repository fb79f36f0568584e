package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.FollowerRows;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stage's one store. It holds seven kinds of entry, told apart by their first byte: one store is one changelog
 * partition in every commit, seven would be seven.
 */
public final class IdempotencyStore {

    /** The store's name. */
    public static final String NAME = "idempotency";

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final TaskDuplicates inTask;
    private final FollowerRows<FollowerEntry> followers;

    IdempotencyStore(KeyValueStore<Bytes, byte[]> store, TaskDuplicates inTask) {
        this.store = store;
        this.inTask = inTask;
        this.followers = new FollowerRows<>(store, FollowerEntry.class, RecordSizes.MAX_STORED_BYTES);
    }

    @Nullable
    KeyEntry key(String hash) {
        byte[] stored = store.get(Keyspace.key(hash));
        return stored == null ? null : StateCodec.read(stored, KeyEntry.class);
    }

    void putKey(String hash, KeyEntry entry) {
        store.put(Keyspace.key(hash), StateCodec.write(entry));
        if (entry.expiresAt() != null) {
            store.put(Keyspace.expiry(entry.expiresAt(), hash), PRESENT);
        }
    }

    /** Forgets a key, its place in the expiry index and, unless followers still wait for it, its verdict. */
    void deleteKey(String hash, KeyEntry entry) {
        store.delete(Keyspace.key(hash));
        if (entry.expiresAt() != null) {
            store.delete(Keyspace.expiry(entry.expiresAt(), hash));
            if (store.get(Keyspace.fanOut(entry.leader())) == null) {
                store.delete(Keyspace.verdict(entry.leader()));
            }
        }
    }

    /** Keys in the order of their expiry, from the time given on. */
    KeyValueIterator<Bytes, byte[]> expiringFrom(Instant time) {
        return store.range(Keyspace.expiry(time, ""), StateKeys.endOf(Keyspace.EXPIRY));
    }

    void dropExpiry(Bytes indexKey) {
        store.delete(indexKey);
    }

    @Nullable
    Verdict verdict(String leader) {
        byte[] stored = store.get(Keyspace.verdict(leader));
        return stored == null ? null : StateCodec.read(stored, Verdict.class);
    }

    /** @return whether the verdict could be stored; it cannot when it is too large */
    boolean putVerdict(String leader, Verdict verdict) {
        return putIfItFits(Keyspace.verdict(leader), verdict);
    }

    private boolean putIfItFits(Bytes key, Object entry) {
        byte[] stored = StateCodec.write(entry);
        if (stored.length > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        store.put(key, stored);
        return true;
    }

    /** Requests that wait for a leader's verdict. */
    FollowerRows<FollowerEntry> followers() {
        return followers;
    }

    /** Finds what an earlier owner left. */
    void restore() {
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(Keyspace.RELEASE), StateKeys.endOf(Keyspace.RELEASE))) {
            rows.forEachRemaining(row -> inTask.release(Keyspace.leaderOf(row.key)));
        }
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(FollowerKeys.FOLLOWER), StateKeys.endOf(FollowerKeys.FOLLOWER))) {
            rows.forEachRemaining(row -> inTask.follows(followers.decode(row).original()));
        }
    }

    /** @return whether the follower could be stored; it cannot when it is too large */
    boolean follow(String leader, FollowerEntry follower) {
        boolean stored = followers.put(leader, follower.ticket(), follower);
        if (stored) {
            inTask.follows(follower.original());
        }
        return stored;
    }

    void endFollower(String leader, FollowerEntry follower) {
        followers.delete(leader, follower.ticket());
        inTask.followsNoMore(follower.original());
    }

    /** Notes that the followers of a leader are to go on without it. */
    void putRelease(String leader) {
        store.put(Keyspace.release(leader), PRESENT);
        inTask.release(leader);
    }

    void endRelease(String leader) {
        store.delete(Keyspace.release(leader));
        inTask.endRelease(leader);
    }

    /** Notes that the followers of the leader of a key are to be settled. */
    void putFanOut(String leader, String hash) {
        store.put(Keyspace.fanOut(leader), hash.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends a fan-out, and forgets the verdict unless the key still stands on it. */
    void endFanOut(String leader) {
        byte[] hash = store.delete(Keyspace.fanOut(leader));
        KeyEntry entry = hash == null ? null : key(new String(hash, StandardCharsets.UTF_8));
        if (entry == null || !entry.leader().equals(leader)) {
            store.delete(Keyspace.verdict(leader));
        }
    }

    /** A leader whose followers are still to be settled. */
    @Nullable
    String nextFanOut() {
        try (KeyValueIterator<Bytes, byte[]> pending =
                store.range(StateKeys.startOf(Keyspace.FAN_OUT), StateKeys.endOf(Keyspace.FAN_OUT))) {
            return pending.hasNext() ? Keyspace.leaderOf(pending.next().key) : null;
        }
    }

    /** The text form under which a leader is referenced. */
    static String leader(RequestId id) {
        return id.toString();
    }
}
