package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stage's one store. It holds six kinds of entry, told apart by their first byte: one store is one changelog
 * partition in every commit, six would be six.
 */
public final class IdempotencyStore {

    /** The store's name. */
    public static final String NAME = "idempotency";

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;

    IdempotencyStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
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
        return store.range(Keyspace.expiry(time, ""), Keyspace.endOf(Keyspace.EXPIRY));
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

    /** @return whether the follower could be stored; it cannot when it is too large */
    boolean putFollower(String leader, FollowerEntry follower) {
        Ticket ticket = follower.ticket();
        if (!putIfItFits(Keyspace.follower(leader, ticket.id()), follower)) {
            return false;
        }
        store.put(Keyspace.deadline(ticket.deadline(), leader, ticket.id()), PRESENT);
        return true;
    }

    private boolean putIfItFits(Bytes key, Object entry) {
        byte[] stored = StateCodec.write(entry);
        if (stored.length > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        store.put(key, stored);
        return true;
    }

    @Nullable
    FollowerEntry follower(Bytes followerKey) {
        byte[] stored = store.get(followerKey);
        return stored == null ? null : StateCodec.read(stored, FollowerEntry.class);
    }

    void deleteFollower(String leader, Ticket ticket) {
        store.delete(Keyspace.follower(leader, ticket.id()));
        store.delete(Keyspace.deadline(ticket.deadline(), leader, ticket.id()));
    }

    /** The followers of a leader, in the order in which they came. */
    KeyValueIterator<Bytes, byte[]> followersOf(String leader) {
        return store.range(Keyspace.followersOf(leader), Keyspace.endOfFollowersOf(leader));
    }

    /** Followers in the order of their deadlines. */
    KeyValueIterator<Bytes, byte[]> followersByDeadline() {
        return store.range(Keyspace.startOf(Keyspace.DEADLINE), Keyspace.endOf(Keyspace.DEADLINE));
    }

    void dropDeadline(Bytes indexKey) {
        store.delete(indexKey);
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
                store.range(Keyspace.startOf(Keyspace.FAN_OUT), Keyspace.endOf(Keyspace.FAN_OUT))) {
            return pending.hasNext() ? Keyspace.leaderOfFanOut(pending.next().key) : null;
        }
    }

    static FollowerEntry decodeFollower(KeyValue<Bytes, byte[]> stored) {
        return StateCodec.read(stored.value, FollowerEntry.class);
    }

    /** The text form under which a leader is referenced. */
    static String leader(RequestId id) {
        return id.toString();
    }
}
