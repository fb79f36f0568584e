package dev.penstock.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that budgets have no room for. Of a tenant only the oldest asks: where that does not fit, asking for the others is
 * work for nothing, and thousands may be held. When one was granted, the next one is woken. As the oldest may wait for
 * targets that take no calls, the oldest for each chain is woken, and of those one rests {@link
 * #goesBefore behind} another that may go.
 */
final class HeldCalls {

    /** A tenant's next call asks after that time even if nobody says what became of the one that asked before. */
    private static final Duration ASKS_AGAIN = Duration.ofSeconds(30);

    /** A call looks again after that time whether an older one, which was about to ask, still goes before it. */
    private static final Duration LOOKS_AGAIN = Duration.ofSeconds(1);

    /** What a held call takes beside its request: the rest of its row, and its place in the order in memory. */
    static final int ROW_BYTES = 1024;

    /** A tenant's calls for one chain. */
    private static final class Line {
        private final TreeSet<Waiter> calls = new TreeSet<>(Waiter.BY_ARRIVAL);
        private @Nullable Waiter asking;

        private Waiter oldest() {
            return calls.first();
        }

        private boolean asks(Waiter waiter) {
            return waiter.equals(asking);
        }
    }

    private static final class Tenant {
        private final String name;
        private final Map<List<String>, Line> lines = new LinkedHashMap<>();
        private final Set<Waiter> kept = new HashSet<>();
        private Instant due = Instant.MAX;
        private int items;
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
        Line line = tenant.lines.computeIfAbsent(waiter.chain(), chain -> new Line());
        if (line.calls.add(waiter)) {
            count(tenant, 1, bytesOf(waiter));
        }
        asksBy(tenant, due);
    }

    /** Keeps its place to a call that waits for something else: it counts, and does not ask. */
    void keep(Waiter waiter) {
        Tenant tenant = tenants.computeIfAbsent(waiter.tenant(), Tenant::new);
        if (tenant.kept.add(waiter)) {
            count(tenant, 1, bytesOf(waiter));
        }
    }

    private void count(Tenant tenant, int calls, long size) {
        items += calls;
        bytes += size;
        tenant.items += calls;
        tenant.bytes += size;
    }

    private void asksBy(Tenant tenant, Instant due) {
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
        if (tenant == null || !(tenant.kept.remove(waiter) || leavesLine(tenant, waiter))) {
            return false;
        }
        count(tenant, -1, -bytesOf(waiter));
        if (tenant.lines.isEmpty()) {
            dues.remove(Due.of(tenant));
            tenant.due = Instant.MAX;
        }
        if (tenant.items == 0) {
            tenants.remove(waiter.tenant());
        }
        return true;
    }

    private static boolean leavesLine(Tenant tenant, Waiter waiter) {
        Line line = tenant.lines.get(waiter.chain());
        if (line == null || !line.calls.remove(waiter)) {
            return false;
        }
        if (line.asks(waiter)) {
            line.asking = null;
        }
        if (line.calls.isEmpty()) {
            tenant.lines.remove(waiter.chain());
        }
        return true;
    }

    /** Whether it is held and does not ask now. */
    boolean rests(Waiter waiter) {
        Line line = lineOf(waiter);
        return line != null && line.calls.contains(waiter) && !line.asks(waiter);
    }

    /** Whether it is held and asks now. */
    boolean asks(Waiter waiter) {
        Line line = lineOf(waiter);
        return line != null && line.asks(waiter);
    }

    private @Nullable Line lineOf(Waiter waiter) {
        Tenant tenant = tenants.get(waiter.tenant());
        return tenant == null ? null : tenant.lines.get(waiter.chain());
    }

    /** The oldest call of a tenant for each chain, which ask from now on; of a chain none if one asks already. */
    List<Waiter> wake(String name) {
        Tenant tenant = tenants.get(name);
        if (tenant == null) {
            return List.of();
        }
        List<Waiter> woken = new ArrayList<>();
        for (Line line : tenant.lines.values()) {
            if (line.asking == null) {
                line.asking = line.oldest();
                woken.add(line.oldest());
            }
        }
        return woken;
    }

    /**
     * The oldest call of the same tenant that waits for a chain that takes calls, if it is older than the one given: it is to
     * ask first, or has asked in vain.
     */
    @Nullable
    Waiter goesBefore(Waiter waiter, Predicate<List<String>> isOpen) {
        Tenant tenant = tenants.get(waiter.tenant());
        Waiter first = waiter;
        if (tenant != null) {
            for (Map.Entry<List<String>, Line> line : tenant.lines.entrySet()) {
                Waiter oldest = line.getValue().oldest();
                if (Waiter.BY_ARRIVAL.compare(oldest, first) < 0 && isOpen.test(line.getKey())) {
                    first = oldest;
                }
            }
        }
        return first.equals(waiter) ? null : first;
    }

    /** A call that asks rests again: another goes before it, and where that one asks, this one is to look again soon. */
    void restsBehind(Waiter waiter, Waiter before, Instant now) {
        Tenant tenant = tenants.get(waiter.tenant());
        Line line = lineOf(waiter);
        if (tenant == null || line == null) {
            throw new IllegalStateException("only what is held can rest");
        }
        line.asking = null;
        if (asks(before)) {
            asksBy(tenant, now.plus(LOOKS_AGAIN));
        }
    }

    /** A tenant that is due, whose calls are to be woken; null when none is. */
    @Nullable
    String pollDue(Instant now) {
        if (dues.isEmpty() || dues.first().time().isAfter(now)) {
            return null;
        }
        String name = dues.first().tenant();
        setDue(Objects.requireNonNull(tenants.get(name)), now.plus(ASKS_AGAIN));
        return name;
    }

    /** When the next tenant may ask; null when nothing is held. */
    @Nullable
    Instant nextDue() {
        return dues.isEmpty() ? null : dues.first().time();
    }

    /** Of how many tenants calls are held, with the one given. */
    int tenantsWith(String name) {
        return tenants.size() + (tenants.containsKey(name) ? 0 : 1);
    }

    /** How many calls of a tenant are held. */
    int itemsOf(String name) {
        Tenant tenant = tenants.get(name);
        return tenant == null ? 0 : tenant.items;
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
