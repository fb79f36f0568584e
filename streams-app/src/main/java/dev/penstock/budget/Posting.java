package dev.penstock.budget;

import java.util.List;

/**
 * The ledger after a change.
 *
 * @param crossings marks that spend has just passed; they are reported once
 */
record Posting(Ledger next, List<Crossing> crossings) {

    /** Reports what the meters have passed and not reported. */
    static Posting of(Ledger ledger) {
        List<Crossing> crossings = ledger.meters().stream()
                .flatMap(meter -> meter.unreported().stream())
                .toList();
        if (crossings.isEmpty()) {
            return new Posting(ledger, crossings);
        }
        return new Posting(
                ledger.withMeters(
                        ledger.meters().stream().map(Meter::withAllReported).toList()),
                crossings);
    }
}
