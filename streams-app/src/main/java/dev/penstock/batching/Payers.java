package dev.penstock.batching;

import java.util.List;

/**
 * Those who shared a call that is over, as they are stored.
 *
 * @param payers in the order in which they came
 */
record Payers(List<Payer> payers) {
    Payers {
        payers = List.copyOf(payers);
    }
}
