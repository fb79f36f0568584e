package dev.penstock.dispatch;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The durable in-flight store: every call that waits or was dispatched and has not settled. */
public final class CallStore {

    /** The store's name. */
    public static final String NAME = "calls";

    /** An entry holds the original and, as part of its ticket, the metadata; in another notation, so with room to spare. */
    private static final int EXPANSION = 3;

    /** Leaves room for a later state, and for the attempts that are noted in it. */
    private static final int MAX_BYTES = RecordSizes.MAX_STORED_BYTES - 64 * 1024;

    private final KeyValueStore<Bytes, byte[]> store;

    CallStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Nullable
    CallEntry get(RequestId id) {
        byte[] stored = store.get(keyOf(id));
        return stored == null ? null : StateCodec.read(stored, CallEntry.class);
    }

    void put(CallEntry entry) {
        store.put(keyOf(entry.ticket().id()), StateCodec.write(entry));
    }

    /** Whether the entry can be stored in every state that it may come to be in. */
    static boolean fits(CallEntry entry) {
        return (long) entry.original().length * EXPANSION <= MAX_BYTES || StateCodec.write(entry).length <= MAX_BYTES;
    }

    void delete(RequestId id) {
        store.delete(keyOf(id));
    }

    /** Visits every entry, by partition and offset of the requests topic. */
    void forEach(Consumer<CallEntry> visitor) {
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> stored = all.next();
                visitor.accept(StateCodec.read(stored.value, CallEntry.class));
            }
        }
    }

    /** Big-endian numbers first, so that the store's order is the order of arrival. */
    private static Bytes keyOf(RequestId id) {
        byte[] topic = id.topic().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + Long.BYTES + topic.length)
                .putInt(id.partition())
                .putLong(id.offset())
                .put(topic)
                .array());
    }
}
