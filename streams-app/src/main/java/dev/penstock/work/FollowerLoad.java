package dev.penstock.work;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How much follows, and what of it counts as waiting, which closes intake where it is too much. Followers make no calls: they
 * end as soon as the request ends that they follow. So intake may well wait for that, but not for long: it would wait as long as a
 * budget is spent or a target takes no calls, and all tenants with it, while the same is sent again each second. A tenant that has
 * a group for longer than {@link #COUNTED_FOR}, or {@link #COUNTED_BESIDE_OTHERS} where other tenants send requests, is crowded: none of its followers counts as waiting, and there are limits of their
 * own for them, for each crowded tenant and, several times as high, for all of them. Where those of all are reached, a tenant with
 * less than an equal part of them may still have more, or the first few would keep out all others.
 */
final class FollowerLoad {

    /** Where the same request was followed for longer than that, it is held, parked or slow. */
    static final Duration COUNTED_FOR = Duration.ofMinutes(1);

    /** The same where requests of other tenants wait for it, behind those that follow. */
    static final Duration COUNTED_BESIDE_OTHERS = Duration.ofSeconds(10);

    /** All crowded tenants together may have as much as so many of them. */
    static final int TENANTS_AT_THEIR_LIMIT = 4;

    private static final String MAX_ITEMS = "dispatch.waiting.max_items";
    private static final String MAX_BYTES = "dispatch.waiting.max_bytes";
    private static final String TIMES = TENANTS_AT_THEIR_LIMIT + " times ";

    private static final class Tenant {
        private int items;
        private long bytes;
        private int oldGroups;
    }

    private static final class Group {
        private final String name;
        private final Tenant tenant;
        private Instant since;
        private int items;
        private boolean old;

        private Group(String name, Tenant tenant, Instant since) {
            this.name = name;
            this.tenant = tenant;
            this.since = since;
        }

        private Instant since() {
            return since;
        }

        private String name() {
            return name;
        }
    }

    private static final Comparator<Group> BY_AGE =
            Comparator.comparing(Group::since).thenComparing(Group::name);

    private final FollowerLimits limits;
    private final Map<String, Tenant> tenants = new HashMap<>();
    private final Map<String, Group> groups = new HashMap<>();
    private final TreeSet<Group> young = new TreeSet<>(BY_AGE);
    private final SeenTenants seen = new SeenTenants();
    private int items;
    private long bytes;
    private int crowdedTenants;
    private int crowdedItems;
    private long crowdedBytes;

    FollowerLoad(FollowerLimits limits) {
        this.limits = limits;
    }

    /** A request of a tenant has come, whether it follows or not. */
    void saw(String tenant, Instant now) {
        seen.saw(tenant, now);
    }

    void add(String group, FollowingRequest follower) {
        Tenant tenant = tenants.computeIfAbsent(follower.ticket().tenant(), name -> new Tenant());
        Instant came = follower.ticket().admittedAt();
        Group of = groups.computeIfAbsent(group, name -> new Group(name, tenant, came));
        of.items++;
        if (!of.old && (of.items == 1 || came.isBefore(of.since))) {
            young.remove(of);
            of.since = came;
            young.add(of);
        }
        changed(tenant, 1, follower.original().length);
    }

    void remove(String group, FollowingRequest follower) {
        Group of = Objects.requireNonNull(groups.get(group));
        changed(of.tenant, -1, -follower.original().length);
        of.items--;
        if (of.items == 0) {
            groups.remove(group);
            ended(of);
        }
        if (of.tenant.items == 0) {
            tenants.remove(follower.ticket().tenant());
        }
    }

    private void ended(Group group) {
        if (!group.old) {
            young.remove(group);
            return;
        }
        group.tenant.oldGroups--;
        if (group.tenant.oldGroups == 0) {
            crowdedTenants--;
            crowdedItems -= group.tenant.items;
            crowdedBytes -= group.tenant.bytes;
        }
    }

    private void changed(Tenant tenant, int moreItems, long moreBytes) {
        items += moreItems;
        bytes += moreBytes;
        tenant.items += moreItems;
        tenant.bytes += moreBytes;
        if (tenant.oldGroups > 0) {
            crowdedItems += moreItems;
            crowdedBytes += moreBytes;
        }
    }

    /** @return whether what counts as waiting may have changed, since groups have become old */
    boolean age(Instant now) {
        Duration counted = seen.areSeveral(now) ? COUNTED_BESIDE_OTHERS : COUNTED_FOR;
        boolean changed = false;
        while (!young.isEmpty() && !young.first().since().plus(counted).isAfter(now)) {
            Group old = young.pollFirst();
            old.old = true;
            old.tenant.oldGroups++;
            if (old.tenant.oldGroups == 1) {
                crowdedTenants++;
                crowdedItems += old.tenant.items;
                crowdedBytes += old.tenant.bytes;
                changed = true;
            }
        }
        return changed;
    }

    /**
     * What one more follower would be too much of.
     *
     * @return the thing, its value with that follower, and the rule; null if it may follow
     */
    @Nullable
    String tooMuch(FollowingRequest follower) {
        Tenant tenant = tenants.get(follower.ticket().tenant());
        if (tenant == null || tenant.oldGroups == 0) {
            return null;
        }
        int size = follower.original().length;
        if (tenant.items + 1 > limits.items()) {
            return text("requests of the tenant that follow others", tenant.items + 1L, limits.items(), MAX_ITEMS);
        }
        if (tenant.bytes + size > limits.bytes()) {
            return text(
                    "bytes of the tenant's requests that follow others",
                    tenant.bytes + size,
                    limits.bytes(),
                    MAX_BYTES);
        }
        long allItems = (long) TENANTS_AT_THEIR_LIMIT * limits.items();
        long allBytes = TENANTS_AT_THEIR_LIMIT * limits.bytes();
        if (crowdedItems + 1 > allItems && tenant.items + 1 > allItems / crowdedTenants) {
            return text("requests that follow others in the partition", crowdedItems + 1L, allItems, TIMES + MAX_ITEMS);
        }
        if (crowdedBytes + size > allBytes && tenant.bytes + size > allBytes / crowdedTenants) {
            return text(
                    "bytes of requests that follow others in the partition",
                    crowdedBytes + size,
                    allBytes,
                    TIMES + MAX_BYTES);
        }
        return null;
    }

    private static String text(String thing, long value, long most, String rule) {
        return thing + ": " + value + " (expected: at most " + most + ", " + rule + ", where any has waited for "
                + COUNTED_FOR.toSeconds() + " s, or " + COUNTED_BESIDE_OTHERS.toSeconds() + " s beside other tenants)";
    }

    /** How many there are. */
    int items() {
        return items;
    }

    /** How many of them count as waiting. */
    int waitingItems() {
        return items - crowdedItems;
    }

    /** The bytes of those that count as waiting. */
    long waitingBytes() {
        return bytes - crowdedBytes;
    }

    /** How many groups and tenants memory knows. */
    int inMemory() {
        return groups.size() + tenants.size() + young.size();
    }
}
