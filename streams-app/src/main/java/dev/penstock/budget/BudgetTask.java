package dev.penstock.budget;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.schemas.Alert;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.Emission;
import dev.penstock.work.Reservations.Terms;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of one task: what both nodes of the stage share, the one that reads policies and usage and the one that lets
 * calls out. Used by the task's stream thread alone.
 */
final class BudgetTask {

    /** So many tenants are told of in a second; if more change, they take turns. */
    private static final int TOLD_AT_ONCE = 50;

    private static final int EXPIRED_AT_ONCE = 500;

    /** Entries that expire one after the other are dealt with together. */
    private static final Duration EXPIRY_PACE = Duration.ofSeconds(10);

    /** What an alert says of a policy that is refused, and of a usage event. */
    static final String REFUSED_POLICY = "policy_refused";

    static final String REFUSED_USAGE = "usage_refused";

    private static final Amount NOTHING = new Amount(BigDecimal.ZERO, 0L);

    private final BudgetsConfig config;
    private final Pricing pricing;
    private final BudgetStore store;
    private final Accounts accounts;
    private final PolicyBook policies;
    private final Consumer<BudgetStatus> told;
    private final Standings standings = new Standings();

    /** Whether all has been read that could settle a reservation. */
    private final BooleanSupplier caughtUp;

    /** When entries were last made to expire. */
    private Instant expiredAt = Instant.MIN;

    /**
     * @param told hears of every status: of those found at the start, and of every one that is published
     * @param caughtUp whether all has been read that was written before the task started
     */
    BudgetTask(
            BudgetsConfig config,
            LedgerTerms terms,
            Pricing pricing,
            BudgetStore store,
            Consumer<BudgetStatus> told,
            BooleanSupplier caughtUp,
            Instant now) {
        this.told = told;
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
        BudgetStatusPolicy.of(tenant, accounts.current(ledger, now)).forEach(told);
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

    /** Whether the spend of any tenant is counted. */
    boolean countsAny() {
        return config.countsAll() || !policies.isEmpty();
    }

    /** Whether the spend of the tenant is counted. */
    boolean counts(String tenant) {
        return config.countsAll() || policies.has(tenant);
    }

    void touch(String tenant, Instant now) {
        store.markUnpublished(tenant);
        standings.touch(tenant, now);
    }

    /** Counts what a dispatch came to, once. */
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

    /** Lets go of what is held for a dispatch that was certainly not billed. */
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

    /** Does what is due by itself; what is left over is due again at once. */
    void work(Consumer<Emission> emit, Instant now) {
        if (caughtUp.getAsBoolean()) {
            expire(emit, now);
        }
        report(emit, now);
    }

    /** Tells where budgets stand whose time has come. */
    private void report(Consumer<Emission> emit, Instant now) {
        for (String tenant : standings.take(now, TOLD_AT_ONCE)) {
            List<BudgetStatus> statuses = accounts.statuses(tenant, now);
            statuses.forEach(status -> {
                emit.accept(new Emission.Standing(status));
                told.accept(status);
            });
            accounts.takeModels(tenant, now).forEach(share -> emit.accept(new Emission.Standing(share)));
            store.markPublished(tenant);
            standings.resetsAt(
                    tenant,
                    isWorthTelling(statuses) ? accounts.ledger(tenant, now).nextReset() : null);
        }
    }

    /** Whether the next period will look different. */
    private static boolean isWorthTelling(List<BudgetStatus> statuses) {
        return statuses.stream()
                .anyMatch(status -> status.state() != BudgetStatus.State.OK
                        || status.tokens().used() > 0
                        || status.tokens().reserved() > 0
                        || (status.usd() != null && status.usd().used().signum() > 0));
    }

    /** Charges reservations that nobody settled, and forgets old charges. */
    private void expire(Consumer<Emission> emit, Instant now) {
        expiredAt = now;
        for (Accounts.Expired expired : accounts.expire(now, EXPIRED_AT_ONCE)) {
            if (expired.settlement() instanceof Settlement.Settled settled) {
                touch(expired.tenant(), now);
                tell(expired.tenant(), settled, emit, now);
                emit.accept(counted(Events.of(
                        expired.tenant(),
                        settled.charge(),
                        settled.reservation().worstUsage())));
            }
        }
    }

    /** When there is work next, as the store and the standings have it; {@link Instant#MAX} for never. */
    Instant nextWork(Instant now) {
        Instant report = standings.next();
        Instant expiry = nextExpiry(now);
        return report == null || expiry.isBefore(report) ? expiry : report;
    }

    private Instant nextExpiry(Instant now) {
        Instant next = store.nextExpiry();
        if (next.equals(Instant.MAX)) {
            return next;
        }
        if (!caughtUp.getAsBoolean()) {
            return later(next, now.plus(EXPIRY_PACE));
        }
        boolean leftOver = !next.isAfter(expiredAt);
        return leftOver || expiredAt.equals(Instant.MIN) ? next : later(next, expiredAt.plus(EXPIRY_PACE));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
