package dev.penstock.work;

import dev.penstock.schemas.DeadLetterCode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for the end of another: an entry for each, never a list in one value, and an index by deadline. They
 * live in the store of the stage that made them follow. Those who follow the same request are a group. Its name is the id
 * of its first leader and stays when another leads, so that a change of leader rewrites nobody.
 *
 * <p>One object for each task, which all processors of the stage use.
 *
 * @param <E> what ends a follower
 */
public final class Followers<E extends FollowingRequest> {

    /** Receives how much of what follows counts as waiting. */
    public interface Load {
        void waiting(int items, long bytes);

        /** Receives how many follow, whether they count or not. */
        default void following(int all) {}
    }

    private final KeyValueStore<Bytes, byte[]> store;
    private final Class<E> type;
    private final int maxBytes;
    private final Load waiting;
    private final TimeIndex deadlines;
    /** Where the rows of a group begin: those before it were deleted. */
    private final Map<String, Bytes> starts = new HashMap<>();

    private final FollowerLoad load;

    /**
     * Finds those that an earlier owner left.
     *
     * @param maxBytes the largest value that the store takes
     */
    public Followers(
            KeyValueStore<Bytes, byte[]> store, Class<E> type, int maxBytes, FollowerLimits limits, Load waiting) {
        this.store = store;
        this.type = type;
        this.maxBytes = maxBytes;
        this.waiting = waiting;
        this.load = new FollowerLoad(limits);
        this.deadlines = new TimeIndex(store, FollowerKeys.DEADLINE);
        try (KeyValueIterator<Bytes, byte[]> rows =
                store.range(StateKeys.startOf(FollowerKeys.FOLLOWER), StateKeys.endOf(FollowerKeys.FOLLOWER))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                load.add(StateKeys.endedAt(row.key, 1), decode(row));
            }
        }
        tell();
    }

    /** A request of a tenant has come, whether it is to follow or not. */
    public void saw(String tenant, Instant now) {
        load.saw(tenant, now);
    }

    /** The end of one that may not follow, as too many of its tenant do already; null if it may. */
    public Verdict.@Nullable Failure refused(E follower) {
        String tooMuch = load.tooMuch(follower);
        return tooMuch == null ? null : Verdict.Failure.of(DeadLetterCode.DISPATCH_CROWDED, 0, tooMuch);
    }

    /** @return whether the follower could be stored; it cannot when it is too large */
    public boolean put(String group, E follower) {
        byte[] stored = StateCodec.write(follower);
        if (stored.length > maxBytes) {
            return false;
        }
        Bytes row = rowOf(group, follower);
        store.put(row, stored);
        deadlines.put(deadlineOf(group, follower));
        starts.computeIfPresent(group, (name, start) -> row.compareTo(start) < 0 ? row : start);
        load.add(group, follower);
        tell();
        return true;
    }

    /** One that waits no longer. */
    public void end(String group, E follower) {
        store.delete(rowOf(group, follower));
        deadlines.delete(deadlineOf(group, follower));
        load.remove(group, follower);
        tell();
    }

    /** Those who have followed for long count as waiting no more. */
    void age(Instant now) {
        if (load.age(now)) {
            tell();
        }
    }

    private void tell() {
        waiting.waiting(load.waitingItems(), load.waitingBytes());
        waiting.following(load.items());
    }

    private static Bytes rowOf(String group, FollowingRequest follower) {
        Ticket ticket = follower.ticket();
        return FollowerKeys.follower(group, ticket.priority(), ticket.id());
    }

    private static Bytes deadlineOf(String group, FollowingRequest follower) {
        Ticket ticket = follower.ticket();
        return FollowerKeys.deadline(ticket.deadline(), group, ticket.priority(), ticket.id());
    }

    /** The followers of a group, the most urgent first, in the order in which they came. */
    public KeyValueIterator<Bytes, byte[]> of(String group) {
        Bytes start = starts.getOrDefault(group, FollowerKeys.followersOf(group));
        KeyValueIterator<Bytes, byte[]> rows = store.range(start, FollowerKeys.endOfFollowersOf(group));
        if (rows.hasNext()) {
            starts.put(group, rows.peekNextKey());
        } else {
            starts.remove(group);
        }
        return rows;
    }

    /** Nobody follows in the group any more. */
    void forget(String group) {
        starts.remove(group);
    }

    /** How much memory knows of groups and of their tenants. */
    int groupsInMemory() {
        return starts.size() + load.inMemory();
    }

    /** The first of a group; null if nobody follows. */
    public @Nullable E first(String group) {
        try (KeyValueIterator<Bytes, byte[]> rows = of(group)) {
            return rows.hasNext() ? decode(rows.next()) : null;
        }
    }

    public E decode(KeyValue<Bytes, byte[]> stored) {
        return StateCodec.read(stored.value, type);
    }

    /** How many there are. */
    public int count() {
        return load.items();
    }

    /** The earliest deadline of all; null if there are none. */
    public @Nullable Instant nextDeadline() {
        return deadlines.next();
    }

    /** One whose deadline has passed, and its group. */
    public record Overdue<E>(String group, E follower) {}

    /** The one whose deadline passed first; null if there is none. */
    public @Nullable Overdue<E> overdue(Instant now) {
        Bytes row = deadlines.due(now);
        if (row == null) {
            return null;
        }
        byte[] stored = store.get(FollowerKeys.followerOf(row));
        if (stored == null) {
            throw new IllegalStateException("index of deadlines: a row without its follower");
        }
        return new Overdue<>(FollowerKeys.groupOf(row), StateCodec.read(stored, type));
    }
}
