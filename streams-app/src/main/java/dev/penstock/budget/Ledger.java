package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The totals of one tenant: small, and the same size whatever is open. Every change returns the next ledger.
 *
 * <p>Time in a ledger never goes back: what is admitted when a clock has been set back, or by an instance whose clock is
 * slower than the last one's, counts as of the latest time that was seen. Otherwise one period could be spent twice.
 *
 * @param asOf the latest time that was seen
 * @param policyAt the time of the policy in force; {@link Instant#EPOCH} when there was none yet
 * @param byDefault whether the default budgets are in force
 * @param meters one for each window
 * @param nextSerial for the next new meter
 */
public record Ledger(Instant asOf, Instant policyAt, boolean byDefault, List<Meter> meters, int nextSerial) {

    public Ledger {
        meters = List.copyOf(meters);
    }

    /** The ledger of a tenant that nothing is known of: the default budgets, and all of its past usage counts. */
    static Ledger opened(LedgerTerms terms, Instant now) {
        Ledger empty = new Ledger(now, Instant.EPOCH, true, List.of(), 1);
        return MeterPolicy.apply(empty, terms.defaults(), terms.zone(), Instant.EPOCH);
    }

    /** The ledger at a time: periods that have ended are left behind. */
    Ledger at(Instant now) {
        if (!now.isAfter(asOf)) {
            return this;
        }
        boolean sameMeters =
                meters.stream().allMatch(meter -> now.isBefore(meter.period().end()));
        List<Meter> then = sameMeters
                ? meters
                : meters.stream().map(meter -> meter.at(now)).toList();
        return new Ledger(now, policyAt, byDefault, then, nextSerial);
    }

    /** When the next period of a window begins; the ledger should be looked at then. */
    public Instant nextReset() {
        return meters.stream()
                .map(meter -> meter.period().end())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** Asks for a reservation in all windows. The ledger must be at the time of asking. */
    Admission reserve(String id, WorstCase worst, Instant expiresAt) {
        Admission.Denied denied = AdmissionPolicy.denies(meters, worst);
        if (denied != null) {
            return denied;
        }
        Reservation reservation = AdmissionPolicy.reservation(id, worst, asOf, expiresAt, serials());
        return new Admission.Granted(
                withMeters(meters.stream()
                        .map(meter -> meter.hold(reservation.worst()))
                        .toList()),
                reservation);
    }

    /** Notes that a call was refused, in the windows that do not hold it; null when that is known of a smaller one. */
    @Nullable
    Refusal refuse(Amount worst) {
        List<Meter> refusing = meters.stream().map(meter -> meter.refuse(worst)).toList();
        if (refusing.equals(meters)) {
            return null;
        }
        List<Exhaustion> exhausted = new ArrayList<>();
        for (int i = 0; i < meters.size(); i++) {
            exhausted.addAll(refusing.get(i).exhaustedSince(meters.get(i)));
        }
        return new Refusal(withMeters(refusing), exhausted);
    }

    private List<Integer> serials() {
        return meters.stream().map(Meter::serial).toList();
    }

    /** Turns a reservation into spend, in the periods in which it was admitted. */
    Posting settle(Reservation open, Amount actual) {
        return Posting.of(withMeters(
                Meter.changed(meters, open.meters(), meter -> meter.settle(open.at(), open.worst(), actual))));
    }

    /** Ends a reservation of which nothing was spent. */
    Ledger release(Reservation open) {
        Amount nothing = new Amount(null, null);
        return withMeters(
                Meter.changed(meters, open.meters(), meter -> meter.settle(open.at(), open.worst(), nothing)));
    }

    /** Counts spend that no reservation was taken for, in the windows that were in force at its time. */
    Posting count(Charge charge) {
        return replace(charge, new Amount(null, null), charge.amount());
    }

    /** Counts another amount in place of the one that was counted. */
    Posting replace(Charge charge, Amount before, Amount after) {
        return Posting.of(
                withMeters(Meter.changed(meters, charge.meters(), meter -> meter.replace(charge.at(), before, after))));
    }

    /** The serials of the meters to which usage of that time belongs. */
    List<Integer> counting(Instant at) {
        return meters.stream()
                .filter(meter -> meter.counts(at))
                .map(Meter::serial)
                .toList();
    }

    /**
     * Puts other budgets in force, unless those in force are from a later time.
     *
     * @param rules at most one for each window
     * @param at the policy's own time
     */
    PolicyChange govern(List<BudgetRule> rules, boolean isDefault, LedgerTerms terms, Instant at) {
        if (at.isBefore(policyAt)) {
            return new PolicyChange.Older(policyAt);
        }
        Instant since = at.isAfter(asOf) ? asOf : at;
        Ledger governed = new Ledger(asOf, at, isDefault, meters, nextSerial);
        Posting posting = Posting.of(MeterPolicy.apply(governed, rules, terms.zone(), since));
        return new PolicyChange.Applied(posting.next(), posting.crossings());
    }

    /** Windows that this ledger counts and the other one does not. */
    Set<String> droppedIn(Ledger later) {
        Set<String> dropped = windows();
        dropped.removeAll(later.windows());
        return dropped;
    }

    /** The windows that it counts. */
    Set<String> windows() {
        Set<String> windows = new LinkedHashSet<>();
        meters.forEach(meter -> windows.add(meter.window().text()));
        return windows;
    }

    /**
     * When nothing of it counts any more if nothing changes until then: the latest end of a period in which something is
     * counted, or the latest time that was seen. A clock that is behind may still ask for an earlier time.
     */
    Instant overAt() {
        Instant over = asOf;
        for (Meter meter : meters) {
            Instant end = meter.overAt();
            over = end.isAfter(over) ? end : over;
        }
        return over;
    }

    Ledger withMeters(List<Meter> changed) {
        return new Ledger(asOf, policyAt, byDefault, changed, nextSerial);
    }

    Ledger withMeters(List<Meter> changed, int serial) {
        return new Ledger(asOf, policyAt, byDefault, changed, serial);
    }
}
