package dev.penstock.batching;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Members by the call that they share or will share, and the calls that have left. */
final class BatchStore {

    private static final byte MEMBER = 'M';
    private static final byte CALL = 'C';

    private final KeyValueStore<Bytes, byte[]> store;

    BatchStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** @return whether the member could be stored; not when it is too large */
    boolean put(RequestId call, Member member) {
        byte[] stored = StateCodec.write(member);
        if (stored.length > RecordSizes.MAX_STORED_BYTES) {
            return false;
        }
        store.put(keyOf(call, member.ticket().id()), stored);
        return true;
    }

    void delete(RequestId call, Member member) {
        store.delete(keyOf(call, member.ticket().id()));
    }

    /** In the order of their records. */
    List<Member> members(RequestId call) {
        List<Member> members = new ArrayList<>();
        byte[] name = StateKeys.text(call.toString());
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(
                StateKeys.of(MEMBER, StateKeys.ended(call.toString())), StateKeys.of(MEMBER, name, new byte[] {1}))) {
            while (rows.hasNext()) {
                members.add(StateCodec.read(rows.next().value, Member.class));
            }
        }
        return members;
    }

    void put(RequestId call, SharedCall left) {
        store.put(keyOf(call), StateCodec.write(left));
    }

    /** The call, if it has left. */
    @Nullable
    SharedCall call(RequestId call) {
        byte[] stored = store.get(keyOf(call));
        return stored == null ? null : StateCodec.read(stored, SharedCall.class);
    }

    void delete(RequestId call) {
        store.delete(keyOf(call));
    }

    /** Visits every member with its call's name, call by call. */
    void forEachMember(BiConsumer<String, Member> visitor) {
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(StateKeys.startOf(MEMBER), StateKeys.endOf(MEMBER))) {
            while (rows.hasNext()) {
                KeyValue<Bytes, byte[]> row = rows.next();
                visitor.accept(StateKeys.endedAt(row.key, 1), StateCodec.read(row.value, Member.class));
            }
        }
    }

    private static Bytes keyOf(RequestId call) {
        return StateKeys.of(CALL, StateKeys.text(call.toString()));
    }

    private static Bytes keyOf(RequestId call, RequestId member) {
        return StateKeys.of(MEMBER, StateKeys.ended(call.toString()), StateKeys.place(member));
    }
}
