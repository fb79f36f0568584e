package dev.penstock.budget;

import dev.penstock.work.StateCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The stage's one store: policies, ledgers and their entries, told apart by the first byte of the key. */
public final class BudgetStore implements LedgerEntries {

    /** The store's name. */
    public static final String NAME = "budget";

    private static final byte[] PRESENT = {};

    private final KeyValueStore<Bytes, byte[]> store;

    BudgetStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public @Nullable Ledger ledger(String tenant) {
        return read(LedgerKeys.ledger(tenant), Ledger.class);
    }

    @Override
    public void putLedger(String tenant, Ledger ledger) {
        store.put(LedgerKeys.ledger(tenant), StateCodec.write(ledger));
    }

    @Override
    public @Nullable Reservation reservation(String tenant, String id) {
        return read(LedgerKeys.reservation(tenant, id), Reservation.class);
    }

    @Override
    public @Nullable Charge charge(String tenant, String id) {
        return read(LedgerKeys.charge(tenant, id), Charge.class);
    }

    private <T> @Nullable T read(Bytes key, Class<T> type) {
        byte[] stored = store.get(key);
        return stored == null ? null : StateCodec.read(stored, type);
    }

    @Override
    public void put(String tenant, LedgerEntry entry) {
        store.put(keyOf(tenant, entry), StateCodec.write(entry));
        store.put(LedgerKeys.expiry(kindOf(entry), entry.expiresAt(), tenant, entry.id()), PRESENT);
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        store.delete(keyOf(tenant, entry));
        store.delete(LedgerKeys.expiry(kindOf(entry), entry.expiresAt(), tenant, entry.id()));
    }

    private static byte kindOf(LedgerEntry entry) {
        return switch (entry) {
            case Reservation open -> LedgerKeys.RESERVATION;
            case Charge charge -> LedgerKeys.CHARGE;
        };
    }

    private static Bytes keyOf(String tenant, LedgerEntry entry) {
        return switch (entry) {
            case Reservation open -> LedgerKeys.reservation(tenant, open.id());
            case Charge charge -> LedgerKeys.charge(tenant, charge.id());
        };
    }

    @Override
    public List<Due> due(Instant now, int most) {
        List<Due> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> index =
                store.range(LedgerKeys.startOf(LedgerKeys.EXPIRY), LedgerKeys.expiryFrom(now.plusMillis(1)))) {
            while (index.hasNext() && due.size() < most) {
                LedgerKeys.Place place = LedgerKeys.place(index.next().key);
                LedgerEntry entry = place.kind() == LedgerKeys.RESERVATION
                        ? reservation(place.tenant(), place.id())
                        : charge(place.tenant(), place.id());
                if (entry != null) {
                    due.add(new Due(place.tenant(), entry));
                }
            }
        }
        return due;
    }

    /** When the first entry expires; null when there is none. */
    @Nullable
    Instant nextExpiry() {
        try (KeyValueIterator<Bytes, byte[]> index =
                store.range(LedgerKeys.startOf(LedgerKeys.EXPIRY), LedgerKeys.endOf(LedgerKeys.EXPIRY))) {
            return index.hasNext() ? LedgerKeys.place(index.next().key).expiresAt() : null;
        }
    }

    void putPolicy(String tenant, PolicyEntry entry) {
        store.put(LedgerKeys.policy(tenant), StateCodec.write(entry));
    }

    void forEachPolicy(BiConsumer<String, PolicyEntry> visitor) {
        forEach(LedgerKeys.POLICY, PolicyEntry.class, visitor);
    }

    void forEachLedger(BiConsumer<String, Ledger> visitor) {
        forEach(LedgerKeys.LEDGER, Ledger.class, visitor);
    }

    private <T> void forEach(byte kind, Class<T> type, BiConsumer<String, T> visitor) {
        try (KeyValueIterator<Bytes, byte[]> all = store.range(LedgerKeys.startOf(kind), LedgerKeys.endOf(kind))) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> stored = all.next();
                visitor.accept(LedgerKeys.tenantOf(stored.key), StateCodec.read(stored.value, type));
            }
        }
    }
}
