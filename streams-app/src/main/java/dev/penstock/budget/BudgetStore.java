package dev.penstock.budget;

import dev.penstock.work.StateCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The stage's one store: policies, ledgers and their entries, told apart by the first byte of the key. Charges have an index
 * by expiry in the store. Reservations, of which there are only as many as calls in flight, and the ledgers that were used
 * last are in memory too: all that is written goes to both, and a task that is rolled back starts with a new object.
 */
public final class BudgetStore implements LedgerEntries {

    /** The store's name. */
    public static final String NAME = "budget";

    private static final byte[] PRESENT = {};

    /** Ledgers that are kept decoded, so that a tenant's next call need not read it: about a kilobyte each. */
    private static final int LEDGERS_AT_HAND = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final OpenReservations open = new OpenReservations();
    private final Map<String, Ledger> atHand = lastUsed();
    private final Map<String, ModelTotals> modelsAtHand = lastUsed();
    private final Set<String> unpublished = new LinkedHashSet<>();
    private @Nullable String id;

    /** No charge in the index expires before: what was deleted there is never scanned again. */
    private Instant firstCharge = Instant.EPOCH;

    /** Whether a charge expires at that very time, or none does and it is {@link Instant#MAX}. */
    private boolean exact;

    BudgetStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        forEach(
                LedgerKeys.RESERVATION,
                Reservation.class,
                (key, kept) -> open.add(LedgerKeys.tenantOfEntry(key), kept));
        try (KeyValueIterator<Bytes, byte[]> marks =
                store.range(LedgerKeys.startOf(LedgerKeys.UNPUBLISHED), LedgerKeys.endOf(LedgerKeys.UNPUBLISHED))) {
            marks.forEachRemaining(mark -> unpublished.add(LedgerKeys.tenantOf(mark.key)));
        }
    }

    private static <T> Map<String, T> lastUsed() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > LEDGERS_AT_HAND;
            }
        };
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
        Ledger known = atHand.get(tenant);
        if (known == null) {
            known = read(LedgerKeys.ledger(tenant), Ledger.class);
            if (known != null) {
                atHand.put(tenant, known);
            }
        }
        return known;
    }

    @Override
    public @Nullable ModelTotals models(String tenant) {
        ModelTotals known = modelsAtHand.get(tenant);
        if (known == null) {
            known = read(LedgerKeys.models(tenant), ModelTotals.class);
            if (known != null) {
                modelsAtHand.put(tenant, known);
            }
        }
        return known;
    }

    @Override
    public void putModels(String tenant, ModelTotals models) {
        store.put(LedgerKeys.models(tenant), StateCodec.write(models));
        modelsAtHand.put(tenant, models);
    }

    @Override
    public void putLedger(String tenant, Ledger ledger) {
        store.put(LedgerKeys.ledger(tenant), StateCodec.write(ledger));
        atHand.put(tenant, ledger);
    }

    @Override
    public @Nullable Reservation reservation(String tenant, String id) {
        return open.get(tenant, id);
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
            case Reservation reservation -> open.add(tenant, reservation);
            case Charge charge -> {
                store.put(expiryOf(tenant, charge), PRESENT);
                firstCharge = timeOf(charge).isBefore(firstCharge) ? timeOf(charge) : firstCharge;
            }
        }
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        store.delete(keyOf(tenant, entry));
        switch (entry) {
            case Reservation reservation -> open.remove(tenant, reservation);
            case Charge charge -> {
                store.delete(expiryOf(tenant, charge));
                exact = exact && !timeOf(charge).equals(firstCharge);
            }
        }
    }

    /** As exact as the index is. */
    private static Instant timeOf(Charge charge) {
        return charge.expiresAt().truncatedTo(ChronoUnit.MILLIS);
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
        List<Due> due = open.due(now, most);
        if (firstCharge.isAfter(now)) {
            return due;
        }
        try (KeyValueIterator<Bytes, byte[]> index =
                store.range(LedgerKeys.expiryFrom(firstCharge), LedgerKeys.expiryFrom(now.plusMillis(1)))) {
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

    /** When the first entry expires; {@link Instant#MAX} when there is none. */
    Instant nextExpiry() {
        Instant charge = nextCharge();
        Instant reservation = open.nextExpiry();
        return reservation == null || charge.isBefore(reservation) ? charge : reservation;
    }

    private Instant nextCharge() {
        if (!exact) {
            try (KeyValueIterator<Bytes, byte[]> index =
                    store.range(LedgerKeys.expiryFrom(firstCharge), LedgerKeys.endOf(LedgerKeys.EXPIRY))) {
                firstCharge =
                        index.hasNext() ? LedgerKeys.place(index.next().key).expiresAt() : Instant.MAX;
            }
            exact = true;
        }
        return firstCharge;
    }

    /** Notes that a tenant's budgets have changed since they were published, in the transaction of the change. */
    void markUnpublished(String tenant) {
        if (unpublished.add(tenant)) {
            store.put(LedgerKeys.unpublished(tenant), PRESENT);
        }
    }

    /** Notes that they are published, in the transaction that does it. */
    void markPublished(String tenant) {
        if (unpublished.remove(tenant)) {
            store.delete(LedgerKeys.unpublished(tenant));
        }
    }

    /** Tenants whose last change is not published. */
    Set<String> unpublished() {
        return Set.copyOf(unpublished);
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
