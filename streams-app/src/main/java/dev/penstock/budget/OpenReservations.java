package dev.penstock.budget;

import dev.penstock.budget.LedgerEntries.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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
    private final NavigableSet<Expiry> expiries = new TreeSet<>(Expiry.BY_TIME);

    void add(String tenant, Reservation reservation) {
        Key key = new Key(tenant, reservation.id());
        open.put(key, reservation);
        expiries.add(new Expiry(reservation.expiresAt(), key));
    }

    void remove(String tenant, Reservation reservation) {
        Key key = new Key(tenant, reservation.id());
        open.remove(key);
        expiries.remove(new Expiry(reservation.expiresAt(), key));
    }

    @Nullable
    Reservation get(String tenant, String id) {
        return open.get(new Key(tenant, id));
    }

    /** Those whose time has come, earliest first. */
    List<Due> due(Instant now, int most) {
        List<Due> due = new ArrayList<>();
        for (Expiry first : expiries) {
            Reservation reservation = open.get(first.key());
            if (first.time().isAfter(now) || due.size() >= most || reservation == null) {
                break;
            }
            due.add(new Due(first.key().tenant(), reservation));
        }
        return due;
    }

    /** When the first one expires; null when there is none. */
    @Nullable
    Instant nextExpiry() {
        return expiries.isEmpty() ? null : expiries.first().time();
    }
}
