package dev.penstock.budget;

import dev.penstock.work.StateCodec;
import dev.penstock.work.TimeIndex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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

    private static final Unpublished NOTHING_ENDED = new Unpublished(List.of());

    /** Ledgers that are kept decoded, so that a tenant's next call need not read it: about a kilobyte each. */
    private static final int LEDGERS_AT_HAND = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final OpenReservations open = new OpenReservations();
    private final Map<String, Ledger> atHand = lastUsed();
    private final Map<String, ModelTotals> modelsAtHand = lastUsed();
    private final Map<String, Unpublished> unpublished = new LinkedHashMap<>();
    private @Nullable String id;

    /** How many there are: written by the task's stream thread, read by whoever asks. */
    private volatile int reservations;

    private volatile int ledgers;

    /** Charges by the time at which they are forgotten. */
    private final TimeIndex expiries;

    /** When each ledger is next looked at, whether its tenant has gone. */
    private final TenantTimes departures = new TenantTimes();

    private final Duration retention;

    /** @param retention how long a ledger is kept at least after its last change, and after its last period */
    BudgetStore(KeyValueStore<Bytes, byte[]> store, Duration retention) {
        this.store = store;
        this.retention = retention;
        this.expiries = new TimeIndex(store, LedgerKeys.EXPIRY);
        forEach(
                LedgerKeys.RESERVATION,
                Reservation.class,
                (key, kept) -> open.add(LedgerKeys.tenantOfEntry(key), kept));
        this.reservations = open.size();
        forEach(
                LedgerKeys.UNPUBLISHED,
                Unpublished.class,
                (key, kept) -> unpublished.put(LedgerKeys.tenantOf(key), kept));
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
        Ledger before = ledger(tenant);
        Set<String> ended = before == null ? Set.of() : before.droppedIn(ledger);
        if (!ended.isEmpty()) {
            putUnpublished(
                    tenant, unpublished.getOrDefault(tenant, NOTHING_ENDED).with(ended));
        }
        store.put(LedgerKeys.ledger(tenant), StateCodec.write(ledger));
        atHand.put(tenant, ledger);
        watch(tenant, ledger);
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
            case Reservation reservation -> {
                open.add(tenant, reservation);
                reservations = open.size();
            }
            case Charge charge -> expiries.put(expiryOf(tenant, charge));
        }
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        store.delete(keyOf(tenant, entry));
        switch (entry) {
            case Reservation reservation -> {
                open.remove(tenant, reservation);
                reservations = open.size();
            }
            case Charge charge -> expiries.delete(expiryOf(tenant, charge));
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
    public @Nullable Due dueReservation(Instant now) {
        return open.due(now);
    }

    @Override
    public @Nullable Due dueCharge(Instant now) {
        Bytes row = expiries.due(now);
        if (row == null) {
            return null;
        }
        LedgerKeys.Place place = LedgerKeys.place(row);
        Charge charge = charge(place.tenant(), place.id());
        if (charge == null) {
            throw new IllegalStateException("charge " + place.id() + ": in the index alone");
        }
        return new Due(place.tenant(), charge);
    }

    /** When the first charge is forgotten; null when there is none. */
    @Nullable
    Instant nextCharge() {
        return expiries.next();
    }

    /** When the first reservation expires; null when there is none. */
    @Nullable
    Instant nextReservation() {
        return open.nextExpiry();
    }

    boolean hasReservations(String tenant) {
        return open.hasAny(tenant);
    }

    /** When a ledger is next looked at, whether its tenant has gone; null when there is no ledger. */
    @Nullable
    Instant nextDeparture() {
        return departures.next();
    }

    /** The tenant whose ledger is to be looked at; null when none is. */
    @Nullable
    String dueDeparture(Instant now) {
        return departures.due(now);
    }

    /** The tenant has not gone, and cannot before that time. */
    void staysUntil(String tenant, Instant time) {
        departures.put(tenant, time);
    }

    /** A change only makes it later, which is found out when the time has come. */
    private void watch(String tenant, Ledger ledger) {
        if (!departures.has(tenant)) {
            departures.put(tenant, ledger.asOf().plus(retention));
            ledgers = departures.size();
        }
    }

    /** Deletes all that is kept of a tenant beside charges and reservations, of which it has none. */
    void forget(String tenant) {
        store.delete(LedgerKeys.ledger(tenant));
        store.delete(LedgerKeys.models(tenant));
        store.delete(LedgerKeys.policy(tenant));
        atHand.remove(tenant);
        modelsAtHand.remove(tenant);
        markPublished(tenant);
        departures.remove(tenant);
        ledgers = departures.size();
    }

    /** How many reservations are open. Any thread may ask. */
    int reservations() {
        return reservations;
    }

    /** How many tenants have a ledger. Any thread may ask. */
    int ledgers() {
        return ledgers;
    }

    /** Notes that a tenant's budgets have changed since they were published, in the transaction of the change. */
    void markUnpublished(String tenant) {
        if (!unpublished.containsKey(tenant)) {
            putUnpublished(tenant, NOTHING_ENDED);
        }
    }

    private void putUnpublished(String tenant, Unpublished mark) {
        unpublished.put(tenant, mark);
        store.put(LedgerKeys.unpublished(tenant), StateCodec.write(mark));
    }

    /** Notes that they are published, in the transaction that does it. */
    void markPublished(String tenant) {
        if (unpublished.remove(tenant) != null) {
            store.delete(LedgerKeys.unpublished(tenant));
        }
    }

    /** Tenants whose last change is not published. */
    Set<String> unpublished() {
        return Set.copyOf(unpublished.keySet());
    }

    /** Windows that the tenant's ledger has stopped counting since its budgets were published. */
    List<String> ended(String tenant) {
        return unpublished.getOrDefault(tenant, NOTHING_ENDED).ended();
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
        forEach(LedgerKeys.LEDGER, Ledger.class, (key, ledger) -> {
            String tenant = LedgerKeys.tenantOf(key);
            watch(tenant, ledger);
            visitor.accept(tenant, ledger);
        });
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
