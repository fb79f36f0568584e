package dev.penstock.budget;

import java.time.Instant;
import java.util.List;

/** What became of other budgets for a tenant. */
public sealed interface PolicyChange {

    /** @param crossings marks that the spend has passed under the new limits */
    record Applied(Ledger next, List<Crossing> crossings) implements PolicyChange {}

    /** @param inForce the time of the policy that stays in force, because it is the later one */
    record Older(Instant inForce) implements PolicyChange {}
}
