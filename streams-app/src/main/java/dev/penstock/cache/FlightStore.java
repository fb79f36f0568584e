package dev.penstock.cache;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.FollowerLimits;
import dev.penstock.work.Followers;
import dev.penstock.work.PendingLeaders;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Calls in flight, who follows them, and what those who follow are still to be given, in the stage's one store and in
 * memory: one object for each task, for both of the stage's processors.
 *
 * <p>A flight is stored only from its first follower on: most never have one. So a restart forgets those that nobody
 * follows; the next request of the same question then makes a call of its own.
 */
final class FlightStore {

    private static final byte[] PRESENT = {};

    private record Held(FlightEntry flight, boolean stored) {}

    private final KeyValueStore<Bytes, byte[]> store;
    private final Followers<WaitingEntry> followers;
    private final PendingLeaders releases;
    private final PendingLeaders fanOuts;
    private final Map<CacheKey, Held> flights = new HashMap<>();

    /**
     * Finds what an earlier owner left.
     *
     * @param limits of what may follow
     * @param load receives how much does
     */
    FlightStore(KeyValueStore<Bytes, byte[]> store, FollowerLimits limits, Followers.Load load) {
        this.store = store;
        this.followers = new Followers<>(store, WaitingEntry.class, RecordSizes.MAX_STORED_BYTES, limits, load);
        this.releases = new PendingLeaders(store, CacheKeyspace.RELEASE);
        this.fanOuts = new PendingLeaders(store, CacheKeyspace.FAN_OUT);
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(CacheKeyspace.FLIGHT), StateKeys.endOf(CacheKeyspace.FLIGHT))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                flights.put(
                        CacheKeyspace.keyOfFlight(row.key),
                        new Held(StateCodec.read(row.value, FlightEntry.class), true));
            }
        }
    }

    Followers<WaitingEntry> followers() {
        return followers;
    }

    /** Groups that are to continue without their leader. */
    PendingLeaders releases() {
        return releases;
    }

    @Nullable
    FlightEntry flight(CacheKey key) {
        Held held = flights.get(key);
        return held == null ? null : held.flight();
    }

    void putFlight(CacheKey key, FlightEntry flight) {
        boolean stored = flight.group() != null || isStored(key);
        if (stored) {
            store.put(CacheKeyspace.flight(key), StateCodec.write(flight));
        }
        flights.put(key, new Held(flight, stored));
    }

    void deleteFlight(CacheKey key) {
        if (isStored(key)) {
            store.delete(CacheKeyspace.flight(key));
        }
        flights.remove(key);
    }

    private boolean isStored(CacheKey key) {
        Held held = flights.get(key);
        return held != null && held.stored();
    }

    /** One of the followers leads; the others follow it under the name that they have. */
    void handOver(CacheKey key, String group, Flight to) {
        String leader = to.leader().toString();
        store.put(CacheKeyspace.group(leader), StateKeys.text(group));
        putFlight(key, new FlightEntry(leader, to.priority(), group));
        releases.remove(group);
    }

    /** The name under which requests follow one that has ended; null if none does. Its own flight, if any, is over. */
    @Nullable
    String landed(CacheKey key, RequestId id) {
        FlightEntry flight = flight(key);
        if (flight != null && flight.isLedBy(id)) {
            deleteFlight(key);
            if (flight.group() != null && !flight.group().equals(flight.leader())) {
                store.delete(CacheKeyspace.group(flight.leader()));
            }
            return flight.group() == null ? null : followed(flight.group());
        }
        byte[] inherited = store.delete(CacheKeyspace.group(id.toString()));
        return followed(inherited == null ? id.toString() : new String(inherited, StandardCharsets.UTF_8));
    }

    /** All of a group may have ended at their own deadlines. */
    private @Nullable String followed(String group) {
        return followers.first(group) == null ? null : group;
    }

    /** Notes what the followers of a leader are to be given. @return whether it could be stored; not when it is too large */
    boolean putFanOut(String group, Verdict verdict) {
        byte[] stored = StateCodec.write(verdict);
        if (stored.length > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        store.put(CacheKeyspace.shared(group), stored);
        fanOuts.put(group, PRESENT);
        return true;
    }

    Verdict shared(String group) {
        byte[] stored = store.get(CacheKeyspace.shared(group));
        if (stored == null) {
            throw new IllegalStateException("followers of request " + group + " wait for a verdict that is not stored");
        }
        return StateCodec.read(stored, Verdict.class);
    }

    void endFanOut(String group) {
        fanOuts.remove(group);
        store.delete(CacheKeyspace.shared(group));
    }

    /** A group whose followers are still to be given a verdict; null if there is none. */
    @Nullable
    String nextFanOut() {
        return fanOuts.next();
    }

    /** Notes that the followers of a leader are to continue without it. */
    void putRelease(String group, Release release) {
        releases.put(group, StateCodec.write(release));
    }

    Release release(String group) {
        return StateCodec.read(Objects.requireNonNull(releases.get(group)), Release.class);
    }
}
