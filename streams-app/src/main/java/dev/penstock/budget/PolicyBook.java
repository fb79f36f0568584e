package dev.penstock.budget;

import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.Reservations.Terms;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a task's tenants, in memory and in the store. The last record of a partition is the one that holds; of a
 * record that came from another partition, the copy that is older than what is known never wins.
 */
final class PolicyBook {

    private record Known(Instant at, @Nullable TenantPolicy policy, boolean broken) {

        Terms terms(Terms otherwise) {
            return policy == null
                    ? otherwise
                    : new Terms(
                            Objects.requireNonNullElse(policy.weight(), otherwise.weight()),
                            Objects.requireNonNullElse(policy.maxInFlight(), otherwise.maxInFlight()),
                            policy.trim());
        }
    }

    private final BudgetStore store;
    private final WireCodec codec;
    private final Terms defaults;
    private final Map<String, Known> policies = new HashMap<>();
    private final NavigableMap<String, String> unreadable = new TreeMap<>();

    /** @param defaults of tenants whose policy does not say */
    PolicyBook(BudgetStore store, WireCodec codec, Terms defaults) {
        this.defaults = defaults;
        this.store = store;
        this.codec = codec;
        store.forEachPolicy((tenant, entry) -> policies.put(tenant, known(tenant, entry)));
    }

    private Known known(String tenant, PolicyEntry entry) {
        byte[] written = entry.policy();
        if (written == null) {
            return new Known(entry.at(), null, entry.broken());
        }
        try {
            return new Known(entry.at(), codec.readTenantPolicy(written), false);
        } catch (MalformedRecordException stricter) {
            // A version, or its Java, that admits less than the one that kept it: deny rather than guess.
            unreadable.put(tenant, String.valueOf(stricter.getMessage()));
            return new Known(entry.at(), null, true);
        }
    }

    /** Whether policies were found that an earlier run could read and this one cannot, and {@link #takeUnreadable} did not give. */
    boolean hasUnreadable() {
        return !unreadable.isEmpty();
    }

    /** The next tenant, and what is wrong with its policy. There must be one. */
    Map.Entry<String, String> takeUnreadable() {
        return unreadable.pollFirstEntry();
    }

    /** Whether the tenant has a policy, readable or not. */
    boolean has(String tenant) {
        Known known = policies.get(tenant);
        return known != null && (known.policy() != null || known.broken());
    }

    boolean isBroken(String tenant) {
        Known known = policies.get(tenant);
        return known != null && known.broken();
    }

    Optional<TenantPolicy> policy(String tenant) {
        return Optional.ofNullable(policies.get(tenant)).map(Known::policy);
    }

    /** What the policy in force says beside money. */
    Terms terms(String tenant) {
        Known known = policies.get(tenant);
        return known == null ? defaults : known.terms(defaults);
    }

    /** Whether a copy of that time, from another partition, is older than what is known. */
    boolean isStale(String tenant, Instant at) {
        Known known = policies.get(tenant);
        return known != null && at.isBefore(known.at());
    }

    /**
     * Puts a policy in force; null takes away what was.
     *
     * @return its time, never before that of the one it replaces
     */
    Instant put(String tenant, @Nullable TenantPolicy policy, Instant at) {
        Instant since = later(tenant, at);
        unreadable.remove(tenant);
        policies.put(tenant, new Known(since, policy, false));
        store.putPolicy(tenant, new PolicyEntry(since, policy == null ? null : codec.write(policy), false));
        return since;
    }

    /**
     * Notes a record that cannot be read.
     *
     * @return whether an earlier policy stays in force
     */
    boolean refuse(String tenant, Instant at) {
        if (policy(tenant).isPresent()) {
            return true;
        }
        Instant since = later(tenant, at);
        policies.put(tenant, new Known(since, null, true));
        store.putPolicy(tenant, new PolicyEntry(since, null, true));
        return false;
    }

    /** Forgets when the last policy of a tenant that has none was deleted. */
    void forget(String tenant) {
        policies.remove(tenant);
    }

    private Instant later(String tenant, Instant at) {
        Known known = policies.get(tenant);
        return known != null && known.at().isAfter(at) ? known.at() : at;
    }
}
