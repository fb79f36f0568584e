package dev.penstock.budget;

import java.time.Instant;
import java.util.List;

/** What became of other budgets for a tenant. */
public sealed interface PolicyChange {

    /**
     * They are in force.
     *
     * @param crossings marks that the spend has passed under the new limits
     */
    record Applied(Ledger next, List<Crossing> crossings) implements PolicyChange {
        public Applied {
            crossings = List.copyOf(crossings);
        }
    }

    /** @param inForce the time of the policy that stays in force, because it is the later one */
    record Older(Instant inForce) implements PolicyChange {}
}
