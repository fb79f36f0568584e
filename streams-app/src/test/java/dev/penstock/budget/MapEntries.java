package dev.penstock.budget;

import dev.penstock.work.StateCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries in memory, with a transaction that can be committed or lost. */
class MapEntries implements LedgerEntries {

    private record Key(String tenant, char kind, String id) {}

    private record Index(Instant time, String tenant, char kind, String id) implements Comparable<Index> {
        @Override
        public int compareTo(Index other) {
            int byTime = time.compareTo(other.time);
            return byTime != 0 ? byTime : (tenant + kind + id).compareTo(other.tenant + other.kind + other.id);
        }
    }

    private final boolean encoded;
    private final Map<Key, Object> values = new HashMap<>();
    private final TreeMap<Index, Key> index = new TreeMap<>();
    private final List<Runnable> undo = new ArrayList<>();
    private long bytesWritten;

    MapEntries() {
        this(true);
    }

    /** @param encoded whether to hold the bytes that a store would hold, which takes ten times as long */
    MapEntries(boolean encoded) {
        this.encoded = encoded;
    }

    void commit() {
        undo.clear();
    }

    /** Loses what was not committed. */
    void crash() {
        undo.reversed().forEach(Runnable::run);
        undo.clear();
    }

    int size() {
        return values.size();
    }

    int indexSize() {
        return index.size();
    }

    long bytesWritten() {
        return bytesWritten;
    }

    @Override
    public @Nullable Ledger ledger(String tenant) {
        return read(new Key(tenant, 'l', ""), Ledger.class);
    }

    @Override
    public void putLedger(String tenant, Ledger ledger) {
        write(new Key(tenant, 'l', ""), ledger);
    }

    @Override
    public @Nullable ModelTotals models(String tenant) {
        return read(new Key(tenant, 'm', ""), ModelTotals.class);
    }

    @Override
    public void putModels(String tenant, ModelTotals models) {
        write(new Key(tenant, 'm', ""), models);
    }

    @Override
    public @Nullable Reservation reservation(String tenant, String id) {
        return (Reservation) read(new Key(tenant, 'r', id), LedgerEntry.class);
    }

    @Override
    public @Nullable Charge charge(String tenant, String id) {
        return (Charge) read(new Key(tenant, 'c', id), LedgerEntry.class);
    }

    @Override
    public void put(String tenant, LedgerEntry entry) {
        Key key = key(tenant, entry);
        Index place = new Index(entry.expiresAt(), tenant, key.kind(), entry.id());
        if (index.put(place, key) != null) {
            throw new IllegalStateException(entry.id() + " is there");
        }
        undo.add(() -> index.remove(place));
        write(key, entry);
    }

    @Override
    public void delete(String tenant, LedgerEntry entry) {
        Key key = key(tenant, entry);
        Index place = new Index(entry.expiresAt(), tenant, key.kind(), entry.id());
        if (index.remove(place) == null) {
            throw new IllegalStateException(entry.id() + " is not there");
        }
        undo.add(() -> index.put(place, key));
        write(key, null);
    }

    @Override
    public @Nullable Due dueReservation(Instant now) {
        return due('r', now);
    }

    @Override
    public @Nullable Due dueCharge(Instant now) {
        return due('c', now);
    }

    private @Nullable Due due(char kind, Instant now) {
        return index.entrySet().stream()
                .takeWhile(entry -> !entry.getKey().time().isAfter(now))
                .filter(entry -> entry.getKey().kind() == kind)
                .findFirst()
                .map(entry -> new Due(entry.getKey().tenant(), entryOf(entry.getValue())))
                .orElse(null);
    }

    private LedgerEntry entryOf(Key key) {
        LedgerEntry entry = read(key, LedgerEntry.class);
        if (entry == null) {
            throw new IllegalStateException(key + " is in the index alone");
        }
        return entry;
    }

    private static Key key(String tenant, LedgerEntry entry) {
        return new Key(tenant, entry instanceof Reservation ? 'r' : 'c', entry.id());
    }

    private <T> @Nullable T read(Key key, Class<T> type) {
        Object stored = values.get(key);
        return stored instanceof byte[] bytes ? StateCodec.read(bytes, type) : type.cast(stored);
    }

    private void write(Key key, @Nullable Object value) {
        Object stored = value == null || !encoded ? value : StateCodec.write(value);
        Object before = stored == null ? values.remove(key) : values.put(key, stored);
        bytesWritten += stored instanceof byte[] bytes ? bytes.length : 0;
        undo.add(() -> {
            if (before == null) {
                values.remove(key);
            } else {
                values.put(key, before);
            }
        });
    }
}
