package dev.penstock.batching;

import dev.penstock.config.RecordSizes;
import dev.penstock.work.RequestId;
import dev.penstock.work.StateCodec;
import dev.penstock.work.StateKeys;
import dev.penstock.work.TimeIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Members by the call that they share or will share, the calls that have left, and who is to pay for calls that are over: one object for each task. */
final class BatchStore {

    private static final byte MEMBER = 'M';
    private static final byte CALL = 'C';
    private static final byte PAYERS = 'P';
    private static final byte PAYERS_BY_TIME = 'T';

    private final KeyValueStore<Bytes, byte[]> store;
    private final TimeIndex payersByTime;

    BatchStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        this.payersByTime = new TimeIndex(store, PAYERS_BY_TIME);
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
        store.put(keyOf(CALL, call), StateCodec.write(left));
    }

    /** The call, if it has left. */
    @Nullable
    SharedCall call(RequestId call) {
        byte[] stored = store.get(keyOf(CALL, call));
        return stored == null ? null : StateCodec.read(stored, SharedCall.class);
    }

    void delete(RequestId call) {
        store.delete(keyOf(CALL, call));
    }

    /** Those who shared a call that is over, as long as anything may come to be known of what it cost. */
    List<Payer> payers(RequestId call) {
        byte[] stored = store.get(keyOf(PAYERS, call));
        return stored == null
                ? List.of()
                : StateCodec.read(stored, Payers.class).payers();
    }

    /** Keeps the payers of a call that is over, until the time given. */
    void keep(RequestId call, List<Payer> payers, Instant until) {
        store.put(keyOf(PAYERS, call), StateCodec.write(new Payers(payers)));
        payersByTime.put(StateKeys.of(PAYERS_BY_TIME, StateKeys.millis(until), StateKeys.text(call.toString())));
    }

    /** When the first payers are to be forgotten; null when none are kept. */
    @Nullable
    Instant nextToForget() {
        return payersByTime.next();
    }

    /** Forgets those whose time passed first. @return whether there were any */
    boolean forgetPayers(Instant now) {
        Bytes row = payersByTime.due(now);
        if (row == null) {
            return false;
        }
        store.delete(StateKeys.of(PAYERS, StateKeys.text(StateKeys.textFrom(row, 1 + Long.BYTES))));
        payersByTime.delete(row);
        return true;
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

    private static Bytes keyOf(byte kind, RequestId call) {
        return StateKeys.of(kind, StateKeys.text(call.toString()));
    }

    private static Bytes keyOf(RequestId call, RequestId member) {
        return StateKeys.of(MEMBER, StateKeys.ended(call.toString()), StateKeys.place(member));
    }
}
