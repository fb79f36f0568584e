package dev.penstock.budget;

import dev.penstock.work.StateCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stage's one store: policies, ledgers and their entries, told apart by the first byte of the key. Charges have an index
 * by expiry in the store; reservations, of which there are only as many as calls in flight, have theirs in memory.
 */
public final class BudgetStore implements LedgerEntries {

    /** The store's name. */
    public static final String NAME = "budget";

    private static final byte[] PRESENT = {};

    private record Open(Instant expiresAt, String tenant, String id) {
        static final Comparator<Open> BY_EXPIRY = Comparator.comparing(Open::expiresAt)
                .thenComparing(Open::tenant)
                .thenComparing(Open::id);

        static Open of(String tenant, Reservation reservation) {
            return new Open(reservation.expiresAt(), tenant, reservation.id());
        }
    }

    private final KeyValueStore<Bytes, byte[]> store;
    private final NavigableSet<Open> open = new TreeSet<>(Open.BY_EXPIRY);
    private @Nullable String id;

    BudgetStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        forEach(
                LedgerKeys.RESERVATION,
                Reservation.class,
                (key, kept) -> open.add(Open.of(LedgerKeys.tenantOfEntry(key), kept)));
    }

    /** Who this ledger is, which is found out once and kept. */
    String id() {
        String known = knownId();
        if (known == null) {
            known = Long.toHexString(UUID.randomUUID().getMostSignificantBits());
            store.put(LedgerKeys.ID, known.getBytes(StandardCharsets.UTF_8));
            id = known;
        }
        return known;
    }

    /** The same, where nothing has been counted yet: null. */
    @Nullable
    String knownId() {
        if (id == null) {
            byte[] kept = store.get(LedgerKeys.ID);
            id = kept == null ? null : new String(kept, StandardCharsets.UTF_8);
        }
        return id;
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
        switch (entry) {
            case Reservation reservation -> open.add(Open.of(tenant, reservation));
            case Charge charge -> store.put(expiryOf(tenant, charge), PRESENT);
        }
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        store.delete(keyOf(tenant, entry));
        switch (entry) {
            case Reservation reservation -> open.remove(Open.of(tenant, reservation));
            case Charge charge -> store.delete(expiryOf(tenant, charge));
        }
    }

    private static Bytes expiryOf(String tenant, Charge charge) {
        return LedgerKeys.expiry(LedgerKeys.CHARGE, charge.expiresAt(), tenant, charge.id());
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
        for (Open first : open) {
            if (first.expiresAt().isAfter(now) || due.size() >= most) {
                break;
            }
            Reservation reservation = reservation(first.tenant(), first.id());
            if (reservation != null) {
                due.add(new Due(first.tenant(), reservation));
            }
        }
        try (KeyValueIterator<Bytes, byte[]> index =
                store.range(LedgerKeys.startOf(LedgerKeys.EXPIRY), LedgerKeys.expiryFrom(now.plusMillis(1)))) {
            while (index.hasNext() && due.size() < most) {
                LedgerKeys.Place place = LedgerKeys.place(index.next().key);
                Charge charge = charge(place.tenant(), place.id());
                if (charge != null) {
                    due.add(new Due(place.tenant(), charge));
                }
            }
        }
        return due;
    }

    /** When the first entry expires; null when there is none. */
    @Nullable
    Instant nextExpiry() {
        Instant charge = nextCharge();
        Instant reservation = open.isEmpty() ? null : open.first().expiresAt();
        if (charge == null || reservation == null) {
            return charge == null ? reservation : charge;
        }
        return charge.isBefore(reservation) ? charge : reservation;
    }

    private @Nullable Instant nextCharge() {
        try (KeyValueIterator<Bytes, byte[]> index =
                store.range(LedgerKeys.startOf(LedgerKeys.EXPIRY), LedgerKeys.endOf(LedgerKeys.EXPIRY))) {
            return index.hasNext() ? LedgerKeys.place(index.next().key).expiresAt() : null;
        }
    }

    void putPolicy(String tenant, PolicyEntry entry) {
        store.put(LedgerKeys.policy(tenant), StateCodec.write(entry));
    }

    void forEachPolicy(BiConsumer<String, PolicyEntry> visitor) {
        forEach(
                LedgerKeys.POLICY,
                PolicyEntry.class,
                (key, policy) -> visitor.accept(LedgerKeys.tenantOf(key), policy));
    }

    void forEachLedger(BiConsumer<String, Ledger> visitor) {
        forEach(LedgerKeys.LEDGER, Ledger.class, (key, ledger) -> visitor.accept(LedgerKeys.tenantOf(key), ledger));
    }

    private <T> void forEach(byte kind, Class<T> type, BiConsumer<Bytes, T> visitor) {
        try (KeyValueIterator<Bytes, byte[]> all = store.range(LedgerKeys.startOf(kind), LedgerKeys.endOf(kind))) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> stored = all.next();
                visitor.accept(stored.key, StateCodec.read(stored.value, type));
            }
        }
    }
}
