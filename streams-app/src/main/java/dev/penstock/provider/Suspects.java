package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tenants whose calls closed a target or an account, and what follows for others: what a call asks for may be all that is
 * wrong. Where they are few, others may try at once, and whom they prove wrong stays out alone. Where they are many, all wait,
 * and then those go first whose calls did not fail, or failed longest ago. Guarded by its owner.
 */
final class Suspects {

    /** More fail together only if it is not for what they ask. Two are no more than one who goes by two names. */
    static final int FEW = 2;

    /** Of the last five failures. */
    private static final int STANDS_OUT = 4;

    /** A bound on memory, whatever the names that come by. */
    private static final int REMEMBERED = 8;

    /** A tenant that did not ask for so long has no work that others are to leave the first try to. */
    static final Duration SEEN_FOR = Duration.ofMinutes(10);

    /** How much later a tenant may try for each that goes before it. What waits looks again within that time. */
    static final Duration TURN = Duration.ofSeconds(1);

    private static final int MOST_TURNS = 3;

    /** In the order of their last failures. */
    private final SequencedSet<String> failed = new LinkedHashSet<>();
    /** One more than can have failed, so that there is another one where there are others. */
    private final SequencedMap<String, Instant> seen = new LinkedHashMap<>();

    private final SequencedMap<String, Instant> keptOut = new LinkedHashMap<>();
    private boolean all;

    /** A tenant has work. */
    void seen(@Nullable String tenant, Instant now) {
        if (tenant != null) {
            putLast(seen, tenant, now, REMEMBERED + 1);
        }
    }

    private static void putLast(SequencedMap<String, Instant> map, String tenant, Instant at, int most) {
        map.putLast(tenant, at);
        if (map.size() > most) {
            map.pollFirstEntry();
        }
    }

    /** A call of the tenant failed while it is closed, or closed it. */
    void failed(String tenant) {
        failed.remove(tenant);
        failed.addLast(tenant);
        if (failed.size() > REMEMBERED) {
            failed.removeFirst();
        }
    }

    /**
     * A run of failures closed it. Who failed once where another's calls nearly all failed, as any call may, is no suspect: it
     * would stay out with that one.
     *
     * @param tenants whose calls they were, in order
     */
    void closedIt(Collection<String> tenants) {
        Set<String> distinct = Set.copyOf(tenants);
        boolean oneStandsOut = distinct.size() <= FEW
                && distinct.stream().anyMatch(tenant -> Collections.frequency(tenants, tenant) >= STANDS_OUT);
        tenants.stream()
                .filter(tenant -> !oneStandsOut || Collections.frequency(tenants, tenant) > 1)
                .forEach(this::failed);
    }

    /** It is closed for something that holds for all, whoever was the first to meet it. */
    void areAll() {
        all = true;
    }

    private boolean areFew() {
        return !all && !failed.isEmpty() && failed.size() <= FEW;
    }

    /** Whether that tenant proves by an answer that it works, and that it was for what the others asked. */
    boolean areProvedBy(String tenant) {
        return areFew() && !failed.contains(tenant);
    }

    /**
     * It is open again. Those that were few stay out alone.
     *
     * @param closedUntil for so long
     * @return whether they were few
     */
    boolean opened(Instant closedUntil) {
        boolean few = areFew();
        if (few) {
            failed.forEach(tenant -> putLast(keptOut, tenant, closedUntil, REMEMBERED));
        }
        failed.clear();
        all = false;
        return few;
    }

    /** Until when a tenant stays out of what is open for others; in the past if it does not. */
    Instant keptOutUntil(@Nullable String tenant) {
        return tenant == null ? Instant.EPOCH : keptOut.getOrDefault(tenant, Instant.EPOCH);
    }

    /** Whether a tenant may try what is closed. */
    boolean mayTry(@Nullable String tenant, Instant now) {
        return areFew() && (tenant == null ? isAnotherSeen(now) : !failed.contains(tenant));
    }

    /** How much later than the first a tenant may try what was closed. */
    Duration turn(@Nullable String tenant, Instant now) {
        if (tenant == null || !failed.contains(tenant)) {
            return Duration.ZERO;
        }
        int before = isAnotherSeen(now) ? 1 : 0;
        for (String earlier : failed) {
            if (earlier.equals(tenant)) {
                break;
            }
            before += isSeen(earlier, now) ? 1 : 0;
        }
        return TURN.multipliedBy(Math.min(before, MOST_TURNS));
    }

    private boolean isAnotherSeen(Instant now) {
        return seen.entrySet().stream()
                .anyMatch(entry -> !failed.contains(entry.getKey()) && isRecent(entry.getValue(), now));
    }

    private boolean isSeen(String tenant, Instant now) {
        return isRecent(seen.get(tenant), now);
    }

    private static boolean isRecent(@Nullable Instant at, Instant now) {
        return at != null && now.isBefore(at.plus(SEEN_FOR));
    }
}
