package dev.penstock.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls that budgets have no room for. Of a tenant only the oldest asks: where that does not fit, asking for the others is
 * work for nothing, and thousands may be held. When one was granted, the next one is woken.
 */
final class HeldCalls {

    /** A tenant's next call asks after that time even if nobody says what became of the one that asked before. */
    private static final Duration ASKS_AGAIN = Duration.ofSeconds(30);

    /** What a held call takes beside its request: the rest of its row, and its place in the order in memory. */
    static final int ROW_BYTES = 1024;

    private static final class Tenant {
        private final String name;
        private final TreeSet<Waiter> calls = new TreeSet<>(Waiter.BY_ARRIVAL);
        private Instant due = Instant.MAX;
        private @Nullable Waiter asking;
        private long bytes;

        private Tenant(String name) {
            this.name = name;
        }
    }

    private record Due(Instant time, String tenant) {
        static final Comparator<Due> BY_TIME = Comparator.comparing(Due::time).thenComparing(Due::tenant);

        static Due of(Tenant tenant) {
            return new Due(tenant.due, tenant.name);
        }
    }

    private final Map<String, Tenant> tenants = new HashMap<>();
    private final TreeSet<Due> dues = new TreeSet<>(Due.BY_TIME);
    private int items;
    private long bytes;

    /** Adds a call whose tenant may ask at the time given, or before if it may already. */
    void add(Waiter waiter, Instant due) {
        Tenant tenant = tenants.computeIfAbsent(waiter.tenant(), Tenant::new);
        if (tenant.calls.add(waiter)) {
            items++;
            bytes += bytesOf(waiter);
            tenant.bytes += bytesOf(waiter);
        }
        if (due.isBefore(tenant.due)) {
            setDue(tenant, due);
        }
    }

    private void setDue(Tenant tenant, Instant due) {
        dues.remove(Due.of(tenant));
        tenant.due = due;
        dues.add(Due.of(tenant));
    }

    /** @return whether it was held */
    boolean remove(Waiter waiter) {
        Tenant tenant = tenants.get(waiter.tenant());
        if (tenant == null || !tenant.calls.remove(waiter)) {
            return false;
        }
        items--;
        bytes -= bytesOf(waiter);
        tenant.bytes -= bytesOf(waiter);
        if (waiter.equals(tenant.asking)) {
            tenant.asking = null;
        }
        if (tenant.calls.isEmpty()) {
            dues.remove(Due.of(tenant));
            tenants.remove(waiter.tenant());
        }
        return true;
    }

    /** Whether it is held and does not ask now. */
    boolean rests(Waiter waiter) {
        Tenant tenant = tenants.get(waiter.tenant());
        return tenant != null && tenant.calls.contains(waiter) && !waiter.equals(tenant.asking);
    }

    /** The oldest call of a tenant, which asks from now on; null if none is held, or one asks already. */
    @Nullable
    Waiter wake(String name) {
        Tenant tenant = tenants.get(name);
        if (tenant == null || tenant.asking != null) {
            return null;
        }
        tenant.asking = tenant.calls.first();
        return tenant.asking;
    }

    /** The oldest call of a tenant that is due, which asks from now on; null when no tenant is. */
    @Nullable
    Waiter pollDue(Instant now) {
        while (!dues.isEmpty() && !dues.first().time().isAfter(now)) {
            String name = dues.first().tenant();
            Tenant tenant = tenants.get(name);
            if (tenant == null) {
                throw new IllegalStateException("a tenant without held calls is due");
            }
            setDue(tenant, now.plus(ASKS_AGAIN));
            Waiter oldest = wake(name);
            if (oldest != null) {
                return oldest;
            }
        }
        return null;
    }

    /** When the next tenant may ask; null when nothing is held. */
    @Nullable
    Instant nextDue() {
        return dues.isEmpty() ? null : dues.first().time();
    }

    /** How many calls of a tenant are held. */
    int itemsOf(String name) {
        Tenant tenant = tenants.get(name);
        return tenant == null ? 0 : tenant.calls.size();
    }

    int items() {
        return items;
    }

    /** What a call counts for against the bounds in bytes. */
    static long bytesOf(Waiter waiter) {
        return (long) waiter.bytes() + ROW_BYTES;
    }

    /** The bytes of a tenant's held calls. */
    long bytesOf(String name) {
        Tenant tenant = tenants.get(name);
        return tenant == null ? 0 : tenant.bytes;
    }

    /** The bytes of all held calls. */
    long bytes() {
        return bytes;
    }
}
