package dev.penstock.budget;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a tenant's policy.
 *
 * @param at the record's own time
 * @param policy as it is written; null when there is none
 * @param broken whether the only record there was could not be read: then the tenant is denied
 */
record PolicyEntry(Instant at, byte @Nullable [] policy, boolean broken) {}
