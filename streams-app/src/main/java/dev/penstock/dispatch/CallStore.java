package dev.penstock.dispatch;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The durable in-flight store: every call that waits or was dispatched and has not settled. A call is two rows, written
 * and deleted together in one transaction: its body, which is written once, and its entry, which is written at each step.
 */
public final class CallStore {

    /** The store's name. */
    public static final String NAME = "calls";

    private static final byte ENTRY = 'E';
    private static final byte BODY = 'B';

    /** A body holds the original and, beside it, the metadata; in another notation, so with room to spare. */
    private static final int EXPANSION = 3;

    private final KeyValueStore<Bytes, byte[]> store;

    CallStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Nullable
    CallEntry get(RequestId id) {
        byte[] stored = store.get(keyOf(ENTRY, id));
        return stored == null ? null : StateCodec.read(stored, CallEntry.class);
    }

    /**
     * The body of a call that has an entry.
     *
     * @throws IllegalStateException if there is none: the store is corrupt, and going on would lose the request
     */
    CallBody body(RequestId id) {
        byte[] stored = store.get(keyOf(BODY, id));
        if (stored == null) {
            throw new IllegalStateException("call " + id + ": no body (expected: one, as it has an entry)");
        }
        return StateCodec.read(stored, CallBody.class);
    }

    /** Stores a call that is new. */
    void add(CallEntry entry, CallBody body) {
        store.put(keyOf(BODY, entry.ticket().id()), StateCodec.write(body));
        update(entry);
    }

    /** Stores the next step of a call that the store has. */
    void update(CallEntry entry) {
        store.put(keyOf(ENTRY, entry.ticket().id()), StateCodec.write(entry));
    }

    /** Whether the body can be stored. Entries are bounded by what they consist of, far below the size of a record. */
    static boolean fits(CallBody body) {
        return (long) body.original().length * EXPANSION <= RecordSizes.MAX_STORED_BYTES
                || StateCodec.write(body).length <= RecordSizes.MAX_STORED_BYTES;
    }

    void delete(RequestId id) {
        store.delete(keyOf(ENTRY, id));
        store.delete(keyOf(BODY, id));
    }

    /** Visits every entry, by partition and offset of the requests topic. Reads no body. */
    void forEach(Consumer<CallEntry> visitor) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(StateKeys.startOf(ENTRY), StateKeys.endOf(ENTRY))) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> stored = entries.next();
                visitor.accept(StateCodec.read(stored.value, CallEntry.class));
            }
        }
    }

    private static Bytes keyOf(byte kind, RequestId id) {
        return StateKeys.of(kind, StateKeys.place(id), StateKeys.text(id.topic()));
    }
}
