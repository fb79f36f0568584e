package dev.penstock.budget;

import java.util.List;

/**
 * The ledger after a call was refused.
 *
 * @param exhausted limits under which nothing had been refused before in their periods
 */
record Refusal(Ledger next, List<Exhaustion> exhausted) {

    Refusal {
        exhausted = List.copyOf(exhausted);
    }
}
