package dev.penstock.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store whose entries belong to somebody else. Iterators see what was there when they were made, as RocksDB's do. */
final class KeptStore implements KeyValueStore<Bytes, byte[]> {

    private final String name;
    private final NavigableMap<Bytes, byte[]> entries;
    private final Runnable onAccess;
    private final Consumer<byte @Nullable []> onWrite;
    private boolean open;

    KeptStore(
            String name, NavigableMap<Bytes, byte[]> entries, Runnable onAccess, Consumer<byte @Nullable []> onWrite) {
        this.onAccess = onAccess;
        this.onWrite = onWrite;
        this.name = name;
        this.entries = entries;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
        open = true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        onAccess.run();
        onWrite.accept(value);
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Kafka says that there was none
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        onWrite.accept(value);
        return entries.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Kafka says that there was none
    public byte[] delete(Bytes key) {
        onAccess.run();
        onWrite.accept(null);
        return entries.remove(key);
    }

    @Override
    @SuppressWarnings("NullAway") // null is how Kafka says that there is none
    public byte[] get(Bytes key) {
        onAccess.run();
        return entries.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        onAccess.run();
        return new Snapshot(entries.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Snapshot(entries);
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public void close() {
        open = false;
    }

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
        return open;
    }

    private static final class Snapshot implements KeyValueIterator<Bytes, byte[]> {

        private final List<Map.Entry<Bytes, byte[]>> all;
        private int next;

        Snapshot(NavigableMap<Bytes, byte[]> entries) {
            this.all = new ArrayList<>(entries.entrySet());
        }

        @Override
        public boolean hasNext() {
            return next < all.size();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            Map.Entry<Bytes, byte[]> entry = all.get(next++);
            return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        @Override
        public Bytes peekNextKey() {
            return all.get(next).getKey();
        }

        @Override
        public void close() {}
    }
}
