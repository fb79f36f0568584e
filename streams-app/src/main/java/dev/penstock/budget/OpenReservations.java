package dev.penstock.budget;

import dev.penstock.budget.LedgerEntries.Due;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The open reservations of a task, by id and by expiry; what the store has, in memory. As many as calls in flight. */
final class OpenReservations {

    private record Key(String tenant, String id) {}

    private record Expiry(Instant time, Key key) {
        static final Comparator<Expiry> BY_TIME = Comparator.comparing(Expiry::time)
                .thenComparing(expiry -> expiry.key().tenant())
                .thenComparing(expiry -> expiry.key().id());
    }

    private final Map<Key, Reservation> open = new HashMap<>();
    private final Map<String, Integer> tenants = new HashMap<>();
    private final NavigableSet<Expiry> expiries = new TreeSet<>(Expiry.BY_TIME);

    void add(String tenant, Reservation reservation) {
        Key key = new Key(tenant, reservation.id());
        if (open.put(key, reservation) == null) {
            tenants.merge(tenant, 1, Integer::sum);
        }
        expiries.add(new Expiry(reservation.expiresAt(), key));
    }

    void remove(String tenant, Reservation reservation) {
        Key key = new Key(tenant, reservation.id());
        if (open.remove(key) != null) {
            tenants.computeIfPresent(tenant, (same, count) -> count == 1 ? null : count - 1);
        }
        expiries.remove(new Expiry(reservation.expiresAt(), key));
    }

    int size() {
        return open.size();
    }

    @Nullable
    Reservation get(String tenant, String id) {
        return open.get(new Key(tenant, id));
    }

    boolean hasAny(String tenant) {
        return tenants.containsKey(tenant);
    }

    /** The one whose time came first; null when none's has come. */
    @Nullable
    Due due(Instant now) {
        if (expiries.isEmpty() || expiries.first().time().isAfter(now)) {
            return null;
        }
        Key first = expiries.first().key();
        return new Due(first.tenant(), Objects.requireNonNull(open.get(first)));
    }

    /** When the first one expires; null when there is none. */
    @Nullable
    Instant nextExpiry() {
        return expiries.isEmpty() ? null : expiries.first().time();
    }
}
