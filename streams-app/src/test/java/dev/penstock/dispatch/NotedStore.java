package dev.penstock.dispatch;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store in memory that notes what is read and written. */
final class NotedStore {

    private final TreeMap<Bytes, byte[]> rows = new TreeMap<>();
    private int writes;
    private long bytesWritten;
    private long bytesRead;

    /** The store, as far as a stage uses it. */
    @SuppressWarnings("unchecked")
    KeyValueStore<Bytes, byte[]> store() {
        return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                NotedStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "get" -> read(rows.get((Bytes) arguments[0]));
                    case "put" -> put((Bytes) arguments[0], (byte[]) arguments[1]);
                    case "delete" -> rows.remove((Bytes) arguments[0]);
                    case "range" -> range((Bytes) arguments[0], (Bytes) arguments[1]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private byte @Nullable [] read(byte @Nullable [] value) {
        bytesRead += value == null ? 0 : value.length;
        return value;
    }

    private @Nullable Object put(Bytes key, byte[] value) {
        writes++;
        bytesWritten += value.length;
        rows.put(key, value);
        return null;
    }

    private KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        List<Map.Entry<Bytes, byte[]>> found =
                new ArrayList<>(rows.subMap(from, true, to, true).entrySet());
        Iterator<Map.Entry<Bytes, byte[]>> all = found.iterator();
        return new KeyValueIterator<>() {

            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                Map.Entry<Bytes, byte[]> row = all.next();
                bytesRead += row.getValue().length;
                return KeyValue.pair(row.getKey(), row.getValue());
            }

            @Override
            public Bytes peekNextKey() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}
        };
    }

    int size() {
        return rows.size();
    }

    /** Rows that were put since the last {@link #forget}. */
    int writes() {
        return writes;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    long bytesRead() {
        return bytesRead;
    }

    void forget() {
        writes = 0;
        bytesWritten = 0;
        bytesRead = 0;
    }
}
