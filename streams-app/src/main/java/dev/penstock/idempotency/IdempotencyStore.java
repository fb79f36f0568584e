package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.FollowerLimits;
import dev.penstock.work.Followers;
import dev.penstock.work.PendingLeaders;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.TimeIndex;
import dev.penstock.work.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stage's one store, and what of it is kept in memory: one object for each task, for both of the stage's processors. It holds several kinds of entry, told apart by their first byte: one store is one changelog
 * partition in every commit, seven would be seven.
 */
public final class IdempotencyStore {

    /** The store's name. */
    public static final String NAME = "idempotency";

    private final KeyValueStore<Bytes, byte[]> store;
    private final Followers<FollowerEntry> followers;
    private final PendingLeaders releases;
    private final PendingLeaders fanOuts;
    private final TimeIndex expiries;
    private final VerdictStore verdicts;

    /**
     * Finds what an earlier owner left.
     *
     * @param limits of what may follow
     * @param load receives how much does
     */
    IdempotencyStore(KeyValueStore<Bytes, byte[]> store, FollowerLimits limits, Followers.Load load) {
        this.store = store;
        this.followers = new Followers<>(store, FollowerEntry.class, RecordSizes.MAX_STORED_BYTES, limits, load);
        this.releases = new PendingLeaders(store, Keyspace.RELEASE);
        this.fanOuts = new PendingLeaders(store, Keyspace.FAN_OUT);
        this.expiries = new TimeIndex(store, Keyspace.EXPIRY);
        this.verdicts = new VerdictStore(store);
    }

    @Nullable
    KeyEntry key(String hash) {
        byte[] stored = store.get(Keyspace.key(hash));
        return stored == null ? null : StateCodec.read(stored, KeyEntry.class);
    }

    void putKey(String hash, KeyEntry entry) {
        store.put(Keyspace.key(hash), StateCodec.write(entry));
        if (entry.expiresAt() != null) {
            expiries.put(Keyspace.expiry(entry.expiresAt(), hash));
        }
    }

    /** Forgets a key, its place in the expiry index and, unless followers still wait for it, its verdict. */
    void deleteKey(String hash, KeyEntry entry) {
        store.delete(Keyspace.key(hash));
        if (entry.expiresAt() != null) {
            expiries.delete(Keyspace.expiry(entry.expiresAt(), hash));
            if (entry.group() == null || fanOuts.get(entry.group()) == null) {
                verdicts.delete(entry.leader());
            }
        }
    }

    /**
     * Nobody is called for under the key any more. It is free, unless a call for it was lost: then it stands in doubt.
     *
     * @param expiresAt until when it stands in doubt then
     */
    void leave(String hash, KeyEntry entry, Instant expiresAt) {
        if (entry.lost()) {
            putKey(hash, entry.inDoubtUntil(expiresAt));
        } else {
            deleteKey(hash, entry);
        }
    }

    /** Keys in the order of their expiry. */
    TimeIndex expiries() {
        return expiries;
    }

    @Nullable
    Verdict verdict(String leader) {
        return verdicts.get(leader);
    }

    /** @return whether the verdict could be stored; it cannot when it is too large */
    boolean putVerdict(String tenant, String leader, Verdict verdict) {
        return verdicts.put(tenant, leader, verdict);
    }

    /** Requests that wait for a leader's verdict. */
    Followers<FollowerEntry> followers() {
        return followers;
    }

    /** Groups that are to continue without their leader. */
    PendingLeaders releases() {
        return releases;
    }

    /** Notes that the followers of the request that holds a key are to continue without it. The key stays theirs. */
    void putRelease(String group, String hash) {
        releases.put(group, StateKeys.text(hash));
    }

    /** The key of a group that is to continue without its leader. */
    String released(String group) {
        return new String(Objects.requireNonNull(releases.get(group)), StandardCharsets.UTF_8);
    }

    /** Notes that followers are to be given their leader's verdict. */
    void putFanOut(String group, FanOutEntry entry) {
        fanOuts.put(group, StateCodec.write(entry));
    }

    FanOutEntry fanOut(String group) {
        return StateCodec.read(Objects.requireNonNull(fanOuts.get(group)), FanOutEntry.class);
    }

    /** Ends a fan-out, and forgets the verdict unless the key still stands on it. */
    void endFanOut(String group) {
        FanOutEntry ended = fanOut(group);
        fanOuts.remove(group);
        KeyEntry entry = key(ended.hash());
        if (entry == null || entry.inDoubt() || !entry.leader().equals(ended.leader())) {
            verdicts.delete(ended.leader());
        }
    }

    /** A group whose followers are still to be given a verdict; null if there is none. */
    @Nullable
    String nextFanOut() {
        return fanOuts.next();
    }

    /** The text form under which a leader is referenced. */
    static String leader(RequestId id) {
        return id.toString();
    }
}
