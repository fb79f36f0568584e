package dev.penstock.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store as an LSM tree is before it is compacted: a scan passes over every row that was deleted, and each row that it passes counts. */
public final class TombstoneStore implements KeyValueStore<Bytes, byte[]> {

    /** Without a value where the row was deleted. */
    private final NavigableMap<Bytes, Optional<byte[]>> rows = new TreeMap<>();

    private long steps;

    /** Rows, deleted ones included, that scans passed since it was last asked. */
    public long takeSteps() {
        long taken = steps;
        steps = 0;
        return taken;
    }

    /** Rows that are there. */
    public long size() {
        return rows.values().stream().filter(Optional::isPresent).count();
    }

    /** Bytes of all values. */
    public long bytes() {
        return rows.values().stream()
                .mapToLong(value -> value.map(bytes -> bytes.length).orElse(0))
                .sum();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
    }

    @Override
    public String name() {
        return "tombstones";
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        rows.put(key, Optional.ofNullable(value));
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Kafka says that there was none
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(Bytes key) {
        byte[] before = get(key);
        rows.put(key, Optional.empty());
        return before;
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Kafka says that there is none
    public byte[] get(Bytes key) {
        return rows.getOrDefault(key, Optional.empty()).orElse(null);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return new Scan(rows.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Scan(rows);
    }

    @Override
    public long approximateNumEntries() {
        return size();
    }

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public Position getPosition() {
        return Position.emptyPosition();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private final class Scan implements KeyValueIterator<Bytes, byte[]> {

        private final List<Map.Entry<Bytes, Optional<byte[]>>> all;
        private int next;

        Scan(NavigableMap<Bytes, Optional<byte[]>> from) {
            all = new ArrayList<>(from.entrySet());
        }

        @Override
        public boolean hasNext() {
            while (next < all.size() && all.get(next).getValue().isEmpty()) {
                steps++;
                next++;
            }
            return next < all.size();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            steps++;
            Map.Entry<Bytes, Optional<byte[]>> row = all.get(next++);
            return KeyValue.pair(row.getKey(), row.getValue().orElseThrow());
        }

        @Override
        public Bytes peekNextKey() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return all.get(next).getKey();
        }

        @Override
        public void close() {}
    }
}
