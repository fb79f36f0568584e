package dev.penstock.budget;

import dev.penstock.schemas.BudgetRule;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Emission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers of all tenants of a task, kept in step with their entries. Each operation reads and writes a few small
 * values; what it writes must be committed together. Not for many threads.
 *
 * <p>Every reservation ends once: settling deletes it, so that a second time finds nothing and says so.
 */
public final class Accounts {

    private final LedgerEntries entries;
    private final LedgerTerms terms;
    private final Map<Window, Limits> defaults;

    public Accounts(LedgerEntries entries, LedgerTerms terms) {
        this.entries = entries;
        this.terms = terms;
        this.defaults = MeterPolicy.windows(terms.defaults(), terms.zone());
    }

    /** The ledger of a tenant at a time. It need not be kept: the same would be found later. */
    public Ledger ledger(String tenant, Instant now) {
        Ledger kept = entries.ledger(tenant);
        return kept == null ? Ledger.opened(terms, now) : current(kept, now);
    }

    /** A ledger that was kept, at a later time. */
    Ledger current(Ledger kept, Instant now) {
        Ledger current = kept.at(now);
        return current.byDefault() ? withDefaults(current) : current;
    }

    /** Whether a ledger was kept under other default budgets than those in force. */
    boolean isOutdated(Ledger kept) {
        return kept.byDefault() && !MeterPolicy.holds(kept.meters(), defaults);
    }

    /**
     * Keeps a ledger under the default budgets in force, which was kept under others.
     *
     * @return marks that the spend has passed under the new limits
     */
    List<Crossing> update(String tenant, Ledger kept, Instant now) {
        Posting posting = Posting.of(current(kept, now));
        entries.putLedger(tenant, posting.next());
        return posting.crossings();
    }

    /** The defaults may have changed since the ledger was kept. */
    private Ledger withDefaults(Ledger ledger) {
        return MeterPolicy.apply(ledger, defaults, ledger.policyAt());
    }

    /**
     * Asks whether a call may be made. Only when this is granted, and committed, may it leave.
     *
     * @param id of the dispatch: {@link Reservation#id(String, int)}
     * @param expiresAt when the reservation is charged if nobody has settled it; later than any settlement can come
     */
    public Admission reserve(String tenant, String id, WorstCase worst, Instant expiresAt, Instant now) {
        if (entries.reservation(tenant, id) != null || entries.charge(tenant, id) != null) {
            return new Admission.Repeated(id);
        }
        Admission admission = ledger(tenant, now).reserve(id, worst, expiresAt);
        if (admission instanceof Admission.Granted granted) {
            entries.put(tenant, granted.reservation());
            entries.putLedger(tenant, granted.next());
        }
        return admission;
    }

    /**
     * Notes that a call was refused, so that the budget is known to be exhausted until the reset or until it fits again.
     *
     * @return null when nothing has changed
     */
    @Nullable
    Refusal refuse(String tenant, Amount worst, Instant now) {
        Refusal refusal = ledger(tenant, now).refuse(worst);
        if (refusal != null) {
            entries.putLedger(tenant, refusal.next());
        }
        return refusal;
    }

    /**
     * The call was billed.
     *
     * @param model that answered
     */
    public Settlement settle(String tenant, String id, String model, Amount actual, Instant now) {
        Reservation open = entries.reservation(tenant, id);
        return open == null ? notOpen(tenant, id) : settle(tenant, open, model, UsageEvent.Status.BILLED, actual, now);
    }

    /**
     * The call may have been billed, and nobody knows: it is charged at its worst case until a late answer tells.
     *
     * @param model that it went to, as far as that is known
     */
    public Settlement settleUnknown(String tenant, String id, String model, Instant now) {
        Reservation open = entries.reservation(tenant, id);
        return open == null
                ? notOpen(tenant, id)
                : settle(tenant, open, model, UsageEvent.Status.UNKNOWN, open.worst(), now);
    }

    private Settlement settle(
            String tenant, Reservation open, String model, UsageEvent.Status status, Amount actual, Instant now) {
        Posting posting = ledger(tenant, now).settle(open, actual);
        Charge charge = new Charge(
                open.id(),
                model,
                status,
                open.at(),
                now.plus(terms.retention()),
                actual.usd(),
                actual.tokens(),
                open.meters());
        entries.delete(tenant, open);
        entries.put(tenant, charge);
        entries.putLedger(tenant, posting.next());
        entries.putModels(tenant, models(tenant).plus(posting.next(), charge));
        return new Settlement.Settled(open, charge, actual.exceeds(open.worst()), posting.crossings());
    }

    private ModelTotals models(String tenant) {
        ModelTotals kept = entries.models(tenant);
        return kept == null ? ModelTotals.NONE : kept;
    }

    /** The call was certainly not billed. */
    public Settlement release(String tenant, String id, Instant now) {
        Reservation open = entries.reservation(tenant, id);
        if (open == null) {
            return notOpen(tenant, id);
        }
        entries.delete(tenant, open);
        entries.putLedger(tenant, ledger(tenant, now).release(open));
        return new Settlement.Released(open);
    }

    private Settlement notOpen(String tenant, String id) {
        return new Settlement.NotOpen(id, entries.charge(tenant, id));
    }

    /** A late answer tells what was charged as unknown. It counts where the charge does: in the period of its admission. */
    public Booking correct(String tenant, String id, String model, Amount actual, Instant now) {
        Charge charge = entries.charge(tenant, id);
        if (charge == null) {
            return entries.reservation(tenant, id) == null ? new Booking.NotCharged(id) : new Booking.StillOpen(id);
        }
        return charge.status() == UsageEvent.Status.UNKNOWN
                ? replace(tenant, charge, model, UsageEvent.Status.CORRECTED, actual, now)
                : new Booking.Duplicate(charge);
    }

    /**
     * Counts a usage event by its own time: of another gateway, our own as it comes back (which changes nothing), or either
     * of them when a ledger is built anew.
     */
    public Booking record(UsageEvent event, Instant now) {
        String tenant = event.tenant();
        Charge known = entries.charge(tenant, event.eventId());
        Amount amount = new Amount(
                event.costUsd(), event.usage() == null ? null : event.usage().totalTokens());
        if (known != null) {
            return replace(tenant, known, event.model(), event.status(), amount, now);
        }
        if (entries.reservation(tenant, event.eventId()) != null) {
            return new Booking.StillOpen(event.eventId());
        }
        Ledger ledger = ledger(tenant, now);
        if (event.at().isAfter(ledger.asOf().plus(terms.skew()))) {
            return new Booking.FromTheFuture(event.at());
        }
        return count(ledger, event, amount, now);
    }

    private Booking count(Ledger ledger, UsageEvent event, Amount amount, Instant now) {
        Charge charge = new Charge(
                event.eventId(),
                event.model(),
                event.status(),
                event.at(),
                now.plus(terms.retention()),
                amount.usd(),
                amount.tokens(),
                ledger.counting(event.at()));
        Posting posting = ledger.count(charge);
        entries.put(event.tenant(), charge);
        entries.putLedger(event.tenant(), posting.next());
        entries.putModels(event.tenant(), models(event.tenant()).plus(posting.next(), charge));
        return new Booking.Counted(charge, posting.crossings());
    }

    private Booking replace(
            String tenant, Charge before, String model, UsageEvent.Status status, Amount amount, Instant now) {
        if (!before.yieldsTo(status)) {
            return before.contradicts(status, amount) ? new Booking.Contradicts(before) : new Booking.Duplicate(before);
        }
        Charge after = before.replacedBy(model, status, amount, now.plus(terms.retention()));
        Posting posting = ledger(tenant, now).replace(before, before.amount(), amount);
        entries.delete(tenant, before);
        entries.put(tenant, after);
        entries.putLedger(tenant, posting.next());
        entries.putModels(tenant, models(tenant).minus(posting.next(), before).plus(posting.next(), after));
        return new Booking.Replaced(before, after, posting.crossings());
    }

    /**
     * Puts the budgets of a policy in force.
     *
     * @param at the policy's own time: of two copies the later one stays
     */
    public PolicyChange govern(String tenant, List<BudgetRule> rules, Instant at, Instant now) {
        return govern(tenant, rules, false, at, now);
    }

    /** Puts the default budgets in force: the policy was deleted, or says nothing of budgets. */
    public PolicyChange governByDefault(String tenant, Instant at, Instant now) {
        return govern(tenant, terms.defaults(), true, at, now);
    }

    private PolicyChange govern(String tenant, List<BudgetRule> rules, boolean isDefault, Instant at, Instant now) {
        PolicyChange change = ledger(tenant, now).govern(rules, isDefault, terms, at);
        if (change instanceof PolicyChange.Applied applied) {
            entries.putLedger(tenant, applied.next());
        }
        return change;
    }

    /** Charges the reservation whose time came first at its worst case; null when none's has come. */
    public @Nullable Expired expireReservation(Instant now) {
        LedgerEntries.Due due = entries.dueReservation(now);
        return due == null || !(due.entry() instanceof Reservation open)
                ? null
                : new Expired(
                        due.tenant(),
                        settle(due.tenant(), open, Events.UNKNOWN, UsageEvent.Status.UNKNOWN, open.worst(), now));
    }

    /** Forgets the charge whose time came first; false when none's has come. */
    public boolean forgetCharge(Instant now) {
        LedgerEntries.Due due = entries.dueCharge(now);
        if (due != null) {
            entries.delete(due.tenant(), due.entry());
        }
        return due != null;
    }

    /** A reservation that nobody settled in time. */
    public record Expired(String tenant, Settlement settlement) {}

    /** Where the tenant's budgets stand, one for each window. */
    public List<BudgetStatus> statuses(String tenant, Instant now) {
        return BudgetStatusPolicy.of(tenant, ledger(tenant, now));
    }

    /** The shares of models in its budgets that have changed since they were published. */
    List<Emission.Standing> untoldModels(String tenant, Instant now) {
        return models(tenant).untold(tenant, ledger(tenant, now));
    }

    /** All that {@link #untoldModels} says is published. */
    void toldModels(String tenant, Instant now) {
        entries.putModels(tenant, models(tenant).told(ledger(tenant, now)));
    }
}
