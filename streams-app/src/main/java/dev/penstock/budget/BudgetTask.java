package dev.penstock.budget;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.schemas.Alert;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.Reservations.Terms;
import dev.penstock.work.SweepTimes;
import dev.penstock.work.Transactions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of one task: what both nodes of the stage share, the one that reads policies and usage and the one that dispatches
 * calls. Used by the task's stream thread alone.
 */
final class BudgetTask {

    /** The budgets of so many tenants are published in a second; if more change, they take turns. */
    private static final int TOLD_IN_A_SECOND = 50;

    /** Ledgers that one step looks at, whether their tenants have gone. */
    private static final int LOOKED_AT_ONCE = 500;

    /** About what a step reads and writes for each status, alert, charge that is forgotten and reservation that is charged. */
    private static final long STATUS_BYTES = 1 << 10;

    private static final long ALERT_BYTES = 1 << 10;
    private static final long CHARGE_BYTES = 1 << 10;
    private static final long RESERVATION_BYTES = 8 << 10;

    /** What an alert says of a policy that is refused, and of a usage event. */
    static final String REFUSED_POLICY = "policy_refused";

    static final String REFUSED_USAGE = "usage_refused";

    /** Begins the detail of an alert on a policy that cannot be read where there was none before it. */
    static final String DENIED = "the tenant is denied until there is one: ";

    private static final Amount NOTHING = new Amount(BigDecimal.ZERO, 0L);

    private final BudgetsConfig config;
    private final Pricing pricing;
    private final BudgetStore store;
    private final Accounts accounts;
    private final PolicyBook policies;
    private final Transactions transactions;
    private final Consumer<Emission.Standing> told;
    private final Duration retention;
    private final Instant started;
    private final Standings standings = new Standings(TOLD_IN_A_SECOND);

    /** Whether all has been read that could settle a reservation. */
    private final BooleanSupplier caughtUp;

    /** While not all has been read, the store is looked at again after that time. */
    private Instant lookAgainAt = Instant.MIN;

    /**
     * @param told hears of every status: of those found at the start, and of every one that is published
     * @param caughtUp whether all has been read that was written before the task started
     */
    BudgetTask(
            BudgetsConfig config,
            LedgerTerms terms,
            Pricing pricing,
            BudgetStore store,
            Transactions transactions,
            Consumer<Emission.Standing> told,
            BooleanSupplier caughtUp,
            Instant now) {
        this.transactions = transactions;
        this.told = told;
        this.retention = terms.retention();
        this.started = now;
        this.caughtUp = caughtUp;
        this.config = config;
        this.pricing = pricing;
        this.store = store;
        this.accounts = new Accounts(store, terms);
        this.policies =
                new PolicyBook(store, new WireCodec(), new Terms(config.weight(), Terms.PLAIN.maxInFlight(), null));
        store.forEachLedger((tenant, ledger) -> found(tenant, ledger, now));
        store.unpublished().forEach(tenant -> standings.touch(tenant, now));
    }

    private void found(String tenant, Ledger ledger, Instant now) {
        if (isWorthTelling(BudgetStatusPolicy.of(tenant, ledger))) {
            standings.resetsAt(tenant, ledger.nextReset());
        }
        if (accounts.isOutdated(ledger)) {
            standings.touch(tenant, now);
        }
        // A window that other defaults bring is shown when its ledger is kept: from then on its end is known too.
        Set<String> kept = ledger.windows();
        BudgetStatusPolicy.of(tenant, accounts.current(ledger, now)).stream()
                .filter(status -> kept.contains(status.window()))
                .forEach(status -> told.accept(Emission.Standing.of(status)));
    }

    BudgetStore store() {
        return store;
    }

    Accounts accounts() {
        return accounts;
    }

    PolicyBook policies() {
        return policies;
    }

    Pricing pricing() {
        return pricing;
    }

    /** The tiers that a tenant may use; null for all. */
    @Nullable
    List<String> allowedTiers(String tenant) {
        List<String> otherwise = config.allowedTiers();
        return policies.policy(tenant).map(TenantPolicy::allowedTiers).orElse(otherwise.isEmpty() ? null : otherwise);
    }

    /** Whether the spend of the tenant is counted. */
    boolean counts(String tenant) {
        return config.countsAll() || policies.has(tenant);
    }

    void touch(String tenant, Instant now) {
        store.markUnpublished(tenant);
        standings.touch(tenant, now);
    }

    /** Counts what a dispatch cost, once. */
    Emission.Spend book(UsageEvent event, Consumer<Emission> emit, Instant now) {
        String tenant = event.tenant();
        Settlement settlement = event.status() == UsageEvent.Status.UNKNOWN
                ? accounts.settleUnknown(tenant, event.eventId(), event.model(), now)
                : accounts.settle(tenant, event.eventId(), event.model(), amountOf(event), now);
        return switch (settlement) {
            case Settlement.Settled settled -> {
                touch(tenant, now);
                tell(tenant, settled, emit, now);
                Charge charge = settled.charge();
                yield counted(
                        Events.of(event, charge, settled.reservation().worstUsage(), pricing.version(charge.usd())));
            }
            case Settlement.Released released -> new Emission.Spend(event, null);
            case Settlement.NotOpen notOpen -> late(event, notOpen.charge(), emit, now);
        };
    }

    /** A dispatch that was charged before. One that never was is counted when its event comes back. */
    private Emission.Spend late(UsageEvent event, @Nullable Charge before, Consumer<Emission> emit, Instant now) {
        if (before == null) {
            return new Emission.Spend(event, null);
        }
        if (event.status() == UsageEvent.Status.UNKNOWN) {
            return counted(Events.of(event, before, null, pricing.version(before.usd())));
        }
        Booking booking = accounts.correct(event.tenant(), event.eventId(), event.model(), amountOf(event), now);
        tell(event.tenant(), booking, emit, now);
        return counted(
                booking instanceof Booking.Replaced replaced
                        ? Events.of(
                                event,
                                replaced.after(),
                                null,
                                pricing.version(replaced.after().usd()))
                        : event);
    }

    private Emission.Spend counted(UsageEvent event) {
        return new Emission.Spend(event, store.id());
    }

    /** Whether an event that says so was counted here. A ledger that is built anew counts it again. */
    boolean hasCounted(String countedBy) {
        return countedBy.equals(store.knownId());
    }

    static Amount amountOf(UsageEvent event) {
        return new Amount(
                event.costUsd(), event.usage() == null ? null : event.usage().totalTokens());
    }

    /** Releases what is held for a dispatch that was certainly not billed. */
    void release(String tenant, String id, Consumer<Emission> emit, Instant now) {
        if (accounts.release(tenant, id, now) instanceof Settlement.NotOpen notOpen
                && notOpen.charge() != null
                && accounts.correct(tenant, id, notOpen.charge().model(), NOTHING, now)
                        instanceof Booking.Replaced replaced) {
            emit.accept(counted(Events.of(tenant, replaced.after(), new TokenUsage(0, 0, 0, 0))));
        }
        touch(tenant, now);
    }

    /** A call was refused or held because a budget does not hold the most that it could cost. */
    void refused(String tenant, WorstCase worst, Consumer<Emission> emit, Instant now) {
        Refusal refusal = worst instanceof WorstCase.Bounded bounded
                ? accounts.refuse(tenant, AdmissionPolicy.amount(bounded), now)
                : null;
        if (refusal != null) {
            refusal.exhausted().forEach(first -> emit.accept(new Emission.Alarm(first.alert(tenant, now))));
            touch(tenant, now);
        }
    }

    private static void tell(String tenant, Settlement.Settled settled, Consumer<Emission> emit, Instant now) {
        alarm(tenant, settled.crossings(), emit, now);
        if (settled.aboveWorst()) {
            emit.accept(alarm(
                    Alert.Kind.BUDGET,
                    tenant,
                    "above_worst_case",
                    settled.charge().id() + ": the bill is above what was reserved; check the price and the bound",
                    now));
        }
    }

    void tell(String tenant, Booking booking, Consumer<Emission> emit, Instant now) {
        switch (booking) {
            case Booking.Counted counted -> told(tenant, counted.crossings(), emit, now);
            case Booking.Replaced replaced -> told(tenant, replaced.crossings(), emit, now);
            case Booking.FromTheFuture future ->
                refused(tenant, "at: " + future.at() + " (expected: not in the future)", emit, now);
            case Booking.Contradicts contradicts ->
                refused(
                        tenant,
                        "event_id: counted before with another amount; a new event needs an id of its own",
                        emit,
                        now);
            case Booking.Duplicate duplicate -> {}
            case Booking.StillOpen open -> {}
            case Booking.NotCharged none -> {}
        }
    }

    private static void refused(String tenant, String why, Consumer<Emission> emit, Instant now) {
        emit.accept(alarm(Alert.Kind.BUDGET, tenant, REFUSED_USAGE, why, now));
    }

    private void told(String tenant, List<Crossing> crossings, Consumer<Emission> emit, Instant now) {
        touch(tenant, now);
        alarm(tenant, crossings, emit, now);
    }

    static void alarm(String tenant, List<Crossing> crossings, Consumer<Emission> emit, Instant now) {
        crossings.forEach(crossing -> emit.accept(new Emission.Alarm(crossing.alert(tenant, now))));
    }

    static Emission alarm(Alert.Kind kind, String tenant, String to, String detail, Instant now) {
        return new Emission.Alarm(new Alert(now, kind, tenant, tenant, null, to, detail));
    }

    /**
     * What the task does without a record that brings it, each kind when it is due and within what its transaction may carry.
     *
     * @param context of the node that does it
     * @param emit takes what is to leave the pipeline in that node
     */
    DueTimes dueTimes(ProcessorContext<?, ?> context, Consumer<Emission> emit) {
        LongPredicate policyAlerts = claims(context, "policy alerts");
        LongPredicate reports = claims(context, "budget reports");
        LongPredicate charges = claims(context, "budget charges");
        LongPredicate reservations = claims(context, "budget reservations");
        LongPredicate departures = claims(context, "budget departures");
        return new DueTimes(context)
                .add(
                        "policies",
                        () -> policies.hasUnreadable() ? started : null,
                        now -> refuseUnreadable(policyAlerts, emit, now))
                .add("reports", standings::nextChange, now -> report(reports, emit, now))
                .add("resets", standings::nextReset, now -> report(reports, emit, now))
                .add("charges", () -> swept(store.nextCharge()), now -> forgetCharges(charges, now))
                .add(
                        "reservations",
                        () -> swept(store.nextReservation()),
                        now -> chargeUnsettled(reservations, emit, now))
                .add("departures", () -> swept(store.nextDeparture()), now -> depart(departures, emit, now));
    }

    private LongPredicate claims(ProcessorContext<?, ?> context, String work) {
        return bytes -> transactions.claim(context, work, bytes);
    }

    /** Alerts on policies that an earlier run could read and this one cannot. */
    private void refuseUnreadable(LongPredicate claim, Consumer<Emission> emit, Instant now) {
        while (policies.hasUnreadable() && claim.test(ALERT_BYTES)) {
            Map.Entry<String, String> refused = policies.takeUnreadable();
            emit.accept(alarm(
                    Alert.Kind.POLICY, refused.getKey(), REFUSED_POLICY, Detail.of(DENIED + refused.getValue()), now));
        }
    }

    /** Publishes the budgets that are due. */
    private void report(LongPredicate claim, Consumer<Emission> emit, Instant now) {
        for (String tenant = standings.first(now); tenant != null; tenant = standings.first(now)) {
            Ledger kept = store.ledger(tenant);
            if (kept == null) {
                // A change for a tenant that was forgotten: nothing of it is published.
                store.markPublished(tenant);
                standings.told(tenant, null, now);
                continue;
            }
            if (accounts.isOutdated(kept)) {
                store.markUnpublished(tenant);
                alarm(tenant, accounts.update(tenant, kept, now), emit, now);
            }
            List<BudgetStatus> statuses = accounts.statuses(tenant, now);
            List<Emission.Standing> models = accounts.untoldModels(tenant, now);
            List<Emission.Standing> news = new ArrayList<>();
            statuses.forEach(status -> news.add(Emission.Standing.of(status)));
            Set<String> counted = accounts.ledger(tenant, now).windows();
            for (String window : store.ended(tenant)) {
                if (!counted.contains(window)) {
                    news.add(ended(tenant, window));
                }
            }
            news.addAll(models);
            if (!publish(news, claim, emit)) {
                return;
            }
            if (!models.isEmpty()) {
                accounts.toldModels(tenant, now);
            }
            store.markPublished(tenant);
            standings.told(
                    tenant,
                    isWorthTelling(statuses) ? accounts.ledger(tenant, now).nextReset() : null,
                    now);
        }
    }

    private static Emission.Standing ended(String tenant, String window) {
        return Emission.Standing.gone(tenant, BudgetStatus.key(tenant, window, null));
    }

    /** All of a tenant's or nothing. The first alone needs room, or those of a tenant with many models might never fit. */
    private boolean publish(List<Emission.Standing> news, LongPredicate claim, Consumer<Emission> emit) {
        for (int i = 0; i < news.size(); i++) {
            if (!claim.test(STATUS_BYTES) && i == 0) {
                return false;
            }
        }
        news.forEach(standing -> {
            emit.accept(standing);
            told.accept(standing);
        });
        return true;
    }

    /** Whether the next period will look different. */
    private static boolean isWorthTelling(List<BudgetStatus> statuses) {
        return statuses.stream()
                .anyMatch(status -> status.state() != BudgetStatus.State.OK
                        || status.tokens().used() > 0
                        || status.tokens().reserved() > 0
                        || (status.usd() != null && status.usd().used().signum() > 0));
    }

    /** Entries that expire one after the other are dealt with together. */
    private @Nullable Instant swept(@Nullable Instant next) {
        if (next == null) {
            return null;
        }
        Instant sweep = SweepTimes.after(next);
        return sweep.isBefore(lookAgainAt) ? lookAgainAt : sweep;
    }

    /** Whether all has been read that could change what becomes of an entry. */
    private boolean mayDecide(Instant now) {
        if (caughtUp.getAsBoolean()) {
            return true;
        }
        lookAgainAt = now.plus(SweepTimes.PERIOD);
        return false;
    }

    private void forgetCharges(LongPredicate claim, Instant now) {
        if (mayDecide(now)) {
            for (Instant next = store.nextCharge();
                    next != null && !next.isAfter(now) && claim.test(CHARGE_BYTES);
                    next = store.nextCharge()) {
                accounts.forgetCharge(now);
            }
        }
    }

    /** Charges reservations that nobody settled. */
    private void chargeUnsettled(LongPredicate claim, Consumer<Emission> emit, Instant now) {
        if (mayDecide(now)) {
            for (Instant next = store.nextReservation();
                    next != null && !next.isAfter(now) && claim.test(RESERVATION_BYTES);
                    next = store.nextReservation()) {
                Accounts.Expired expired = accounts.expireReservation(now);
                if (expired != null && expired.settlement() instanceof Settlement.Settled settled) {
                    touch(expired.tenant(), now);
                    tell(expired.tenant(), settled, emit, now);
                    emit.accept(counted(Events.of(
                            expired.tenant(),
                            settled.charge(),
                            settled.reservation().worstUsage())));
                }
            }
        }
    }

    /** Forgets tenants of which nothing is left that counts. One that comes back begins anew. */
    private void depart(LongPredicate claim, Consumer<Emission> emit, Instant now) {
        Instant charges = swept(store.nextCharge());
        boolean chargesLeft = charges != null && !charges.isAfter(now);
        if (!mayDecide(now) || chargesLeft) {
            return;
        }
        int looked = 0;
        for (String tenant = store.dueDeparture(now);
                tenant != null && looked < LOOKED_AT_ONCE;
                tenant = store.dueDeparture(now)) {
            looked++;
            Instant stays = staysUntil(tenant, now);
            if (stays.isAfter(now)) {
                store.staysUntil(tenant, stays);
            } else if (!publish(lastNews(tenant), claim, emit)) {
                return;
            } else {
                standings.forget(tenant);
                policies.forget(tenant);
                store.forget(tenant);
            }
        }
    }

    private Instant staysUntil(String tenant, Instant now) {
        if (policies.has(tenant) || store.hasReservations(tenant)) {
            return now.plus(retention);
        }
        Ledger kept = store.ledger(tenant);
        return kept == null ? Instant.MIN : kept.overAt().plus(retention);
    }

    private List<Emission.Standing> lastNews(String tenant) {
        Set<String> windows = new LinkedHashSet<>(store.ended(tenant));
        Ledger kept = store.ledger(tenant);
        if (kept != null) {
            windows.addAll(kept.windows());
        }
        List<Emission.Standing> news = new ArrayList<>();
        for (String window : windows) {
            news.add(ended(tenant, window));
        }
        ModelTotals models = store.models(tenant);
        if (models != null) {
            news.addAll(models.gone(tenant));
        }
        return news;
    }
}
