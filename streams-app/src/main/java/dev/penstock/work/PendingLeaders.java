package dev.penstock.work;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Groups of followers whose leader has ended and for whom something is still to be done: a row for each, so that a later
 * owner continues, and the same in memory, so that nobody looks for the next one among rows that were deleted. There are
 * never more of them than followers, which the intake gate bounds. Used by the task's stream thread alone.
 */
public final class PendingLeaders {

    private final KeyValueStore<Bytes, byte[]> store;
    private final byte kind;
    private final Map<String, byte[]> pending = new LinkedHashMap<>();

    /**
     * Finds what an earlier owner left.
     *
     * @param kind the first byte of the rows' keys
     */
    public PendingLeaders(KeyValueStore<Bytes, byte[]> store, byte kind) {
        this.store = store;
        this.kind = kind;
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(StateKeys.startOf(kind), StateKeys.endOf(kind))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                pending.put(StateKeys.textFrom(row.key, 1), row.value);
            }
        }
    }

    /** @param what is to be done for the group */
    public void put(String group, byte[] what) {
        store.put(key(group), what);
        pending.put(group, what);
    }

    /** What is to be done for the group; null if nothing is. */
    public byte @Nullable [] get(String group) {
        return pending.get(group);
    }

    public void remove(String group) {
        if (pending.remove(group) != null) {
            store.delete(key(group));
        }
    }

    /** A group for which something is to be done, the longest known first; null if there is none. */
    public @Nullable String next() {
        return pending.isEmpty() ? null : pending.keySet().iterator().next();
    }

    private Bytes key(String group) {
        return StateKeys.of(kind, StateKeys.text(group));
    }
}
