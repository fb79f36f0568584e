package dev.penstock.work;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for what another comes to: an entry for each, never a list in one value, and an index by deadline.
 * They live in the store of the stage that made them follow.
 *
 * @param <E> what ends a follower
 */
public final class FollowerRows<E> {

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final Class<E> type;
    private final int maxBytes;

    /** @param maxBytes the largest value that the store takes */
    public FollowerRows(KeyValueStore<Bytes, byte[]> store, Class<E> type, int maxBytes) {
        this.store = store;
        this.type = type;
        this.maxBytes = maxBytes;
    }

    /** @return whether the follower could be stored; it cannot when it is too large */
    public boolean put(String leader, Ticket ticket, E follower) {
        byte[] stored = StateCodec.write(follower);
        if (stored.length > maxBytes) {
            return false;
        }
        store.put(FollowerKeys.follower(leader, ticket.id()), stored);
        store.put(FollowerKeys.deadline(ticket.deadline(), leader, ticket.id()), PRESENT);
        return true;
    }

    public @Nullable E get(Bytes followerKey) {
        byte[] stored = store.get(followerKey);
        return stored == null ? null : StateCodec.read(stored, type);
    }

    public void delete(String leader, Ticket ticket) {
        store.delete(FollowerKeys.follower(leader, ticket.id()));
        store.delete(FollowerKeys.deadline(ticket.deadline(), leader, ticket.id()));
    }

    /** The followers of a leader, in the order in which they came. */
    public KeyValueIterator<Bytes, byte[]> of(String leader) {
        return store.range(FollowerKeys.followersOf(leader), FollowerKeys.endOfFollowersOf(leader));
    }

    /** Followers in the order of their deadlines. */
    public KeyValueIterator<Bytes, byte[]> byDeadline() {
        return store.range(StateKeys.startOf(FollowerKeys.DEADLINE), StateKeys.endOf(FollowerKeys.DEADLINE));
    }

    public void dropDeadline(Bytes indexKey) {
        store.delete(indexKey);
    }

    public E decode(KeyValue<Bytes, byte[]> stored) {
        return StateCodec.read(stored.value, type);
    }
}
