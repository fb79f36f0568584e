package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.FollowerRows;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Calls in flight, who follows them, and what those who follow still have coming, in the stage's one store. */
final class FlightStore {

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final TaskFlights inTask;
    private final FollowerRows<WaitingEntry> followers;

    FlightStore(KeyValueStore<Bytes, byte[]> store, TaskFlights inTask) {
        this.store = store;
        this.inTask = inTask;
        this.followers = new FollowerRows<>(store, WaitingEntry.class, RecordSizes.MAX_STORED_BYTES);
    }

    FollowerRows<WaitingEntry> followers() {
        return followers;
    }

    boolean hasFollowers(RequestId leader) {
        try (KeyValueIterator<Bytes, byte[]> rows = followers.of(leader.toString())) {
            return rows.hasNext();
        }
    }

    /** The earliest deadline of all followers; null when there are none. */
    @Nullable
    Instant nextDeadline() {
        try (KeyValueIterator<Bytes, byte[]> rows = followers.byDeadline()) {
            return rows.hasNext() ? FollowerKeys.timeOf(rows.peekNextKey()) : null;
        }
    }

    /** Finds what an earlier owner left. */
    void restore() {
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(CacheKeyspace.FLIGHT), StateKeys.endOf(CacheKeyspace.FLIGHT))) {
            rows.forEachRemaining(row -> inTask.put(
                    CacheKeyspace.keyOfFlight(row.key), StateCodec.read(row.value, FlightEntry.class), true));
        }
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(FollowerKeys.FOLLOWER), StateKeys.endOf(FollowerKeys.FOLLOWER))) {
            rows.forEachRemaining(row -> inTask.follows(followers.decode(row).original()));
        }
    }

    @Nullable
    FlightEntry flight(CacheKey key) {
        return inTask.flight(key);
    }

    void putFlight(CacheKey key, FlightEntry flight) {
        boolean stored = flight.followed() || inTask.isStored(key);
        if (stored) {
            store.put(CacheKeyspace.flight(key), StateCodec.write(flight));
        }
        inTask.put(key, flight, stored);
    }

    void deleteFlight(CacheKey key) {
        if (inTask.isStored(key)) {
            store.delete(CacheKeyspace.flight(key));
        }
        inTask.remove(key);
    }

    /** @return whether the follower could be stored; it cannot when it is too large */
    boolean follow(String leader, WaitingEntry follower) {
        boolean stored = followers.put(leader, follower.ticket(), follower);
        if (stored) {
            inTask.follows(follower.original());
        }
        return stored;
    }

    void endFollower(String leader, WaitingEntry follower) {
        followers.delete(leader, follower.ticket());
        inTask.followsNoMore(follower.original());
    }

    /** Notes what the followers of a leader are to be given. @return whether it could be stored; not when it is too large */
    boolean putFanOut(String leader, Verdict verdict) {
        byte[] stored = StateCodec.write(verdict);
        if (stored.length > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        store.put(CacheKeyspace.shared(leader), stored);
        store.put(CacheKeyspace.fanOut(leader), PRESENT);
        return true;
    }

    Verdict shared(String leader) {
        byte[] stored = store.get(CacheKeyspace.shared(leader));
        if (stored == null) {
            throw new IllegalStateException(
                    "followers of request " + leader + " wait for a verdict that is not stored");
        }
        return StateCodec.read(stored, Verdict.class);
    }

    void endFanOut(String leader) {
        store.delete(CacheKeyspace.fanOut(leader));
        store.delete(CacheKeyspace.shared(leader));
    }

    /** A leader whose followers are still to be given what it came to. */
    @Nullable
    String nextFanOut() {
        return firstLeader(CacheKeyspace.FAN_OUT);
    }

    /** Notes that the followers of a leader are to go on without it. */
    void putRelease(String leader, Release release) {
        store.put(CacheKeyspace.release(leader), StateCodec.write(release));
    }

    Release release(String leader) {
        return StateCodec.read(store.get(CacheKeyspace.release(leader)), Release.class);
    }

    void endRelease(String leader) {
        store.delete(CacheKeyspace.release(leader));
    }

    /** A leader whose followers are still to be released. */
    @Nullable
    String nextRelease() {
        return firstLeader(CacheKeyspace.RELEASE);
    }

    private @Nullable String firstLeader(byte kind) {
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(StateKeys.startOf(kind), StateKeys.endOf(kind))) {
            return rows.hasNext() ? CacheKeyspace.leaderOf(rows.next().key) : null;
        }
    }
}
