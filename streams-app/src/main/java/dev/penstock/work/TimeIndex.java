package dev.penstock.work;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * An index by time in a store: rows without content whose key is the kind, the time in milliseconds, and what it is the time
 * of. It is consumed from its start, where an LSM tree keeps deleted rows until they are compacted, so a scan from the start
 * costs as much as was ever deleted. Therefore the earliest rows are kept in memory, a bounded number of them, and the store
 * is read only from where they end. Each deleted row is passed over once, not at each look.
 *
 * <p>All rows of the kind must be written and deleted through one index: the processors of a task that share a store share
 * its indexes too. Used by the task's stream thread alone.
 */
public final class TimeIndex {

    /** Rows in memory, some hundred bytes each. */
    static final int MOST_IN_MEMORY = 1_024;

    /** Rows that are read at once when memory has none. */
    static final int READ_AT_ONCE = MOST_IN_MEMORY / 2;

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private final Bytes end;
    /** All rows before {@link #unread}. */
    private final TreeSet<Bytes> head = new TreeSet<>();

    private Bytes unread;

    /** @param kind the first byte of the rows' keys */
    public TimeIndex(KeyValueStore<Bytes, byte[]> store, byte kind) {
        this.store = store;
        this.unread = StateKeys.startOf(kind);
        this.end = StateKeys.endOf(kind);
    }

    /** The time that a row stands at. */
    public static Instant timeOf(Bytes row) {
        return StateKeys.timeAt(row, 1);
    }

    public void put(Bytes row) {
        store.put(row, PRESENT);
        if (row.compareTo(unread) < 0) {
            head.add(row);
            if (head.size() > MOST_IN_MEMORY) {
                unread = head.pollLast();
            }
        }
    }

    public void delete(Bytes row) {
        store.delete(row);
        head.remove(row);
    }

    /** The earliest time; null when the index is empty. */
    public @Nullable Instant next() {
        Bytes first = first();
        return first == null ? null : timeOf(first);
    }

    /** The earliest row, if it is not later than the time given; null otherwise. */
    public @Nullable Bytes due(Instant now) {
        Bytes first = first();
        return first == null || timeOf(first).isAfter(now) ? null : first;
    }

    /** The earliest row; null when the index is empty. */
    public @Nullable Bytes first() {
        readTo(1);
        return head.isEmpty() ? null : head.first();
    }

    /** The earliest rows in the order of their times. The list is the caller's own: rows may be deleted while it is walked. */
    public List<Bytes> first(int most) {
        if (most > READ_AT_ONCE) {
            throw new IllegalArgumentException("most: " + most + " (expected: at most " + READ_AT_ONCE + ")");
        }
        readTo(most);
        List<Bytes> rows = new ArrayList<>(Math.min(most, head.size()));
        for (Bytes row : head) {
            if (rows.size() == most) {
                break;
            }
            rows.add(row);
        }
        return rows;
    }

    /** How many rows are in memory. */
    int inMemory() {
        return head.size();
    }

    private void readTo(int rows) {
        if (head.size() >= rows || unread.equals(end)) {
            return;
        }
        try (KeyValueIterator<Bytes, byte[]> from = store.range(unread, end)) {
            for (int read = 0; read < READ_AT_ONCE && from.hasNext(); read++) {
                head.add(from.next().key);
            }
            unread = from.hasNext() ? from.peekNextKey() : end;
        }
    }
}
