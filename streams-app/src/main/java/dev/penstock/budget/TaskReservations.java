package dev.penstock.budget;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/** The budgets of a task, in the node that dispatches calls. */
final class TaskReservations implements Reservations {

    /** After the last attempt of a dispatch may have ended; whoever could settle it has had its chance by then. */
    private static final Duration GRACE = Duration.ofHours(1);

    private static final Answer FREE = new Answer.Free();

    private final Supplier<BudgetTask> opened;
    private @Nullable BudgetTask known;
    private final AllowedTiersPolicy allowedTiers;
    private final SpentPolicy spent;
    private final BudgetMetrics metrics;
    private final Consumer<Emission> emit;
    private final ProcessorContext<?, ?> context;
    private @Nullable DueTimes dueTimes;

    /** @param task of the same task, made anew each time that it starts; asked first when all nodes have started */
    TaskReservations(
            Supplier<BudgetTask> task,
            AllowedTiersPolicy allowedTiers,
            SpentPolicy spent,
            BudgetMetrics metrics,
            ProcessorContext<?, ?> context,
            Consumer<Emission> emit) {
        this.metrics = metrics;
        this.opened = task;
        this.allowedTiers = allowedTiers;
        this.spent = spent;
        this.emit = emit;
        this.context = context;
    }

    private BudgetTask task() {
        BudgetTask task = known;
        if (task == null) {
            task = opened.get();
            known = task;
        }
        return task;
    }

    @Override
    public Answer reserve(Ticket ticket, Route route, Request request, int number, Instant until, Instant now) {
        Answer answer = answer(ticket, route, request, number, until, now);
        metrics.answered(answer);
        return answer;
    }

    private Answer answer(Ticket ticket, Route route, Request request, int number, Instant until, Instant now) {
        BudgetTask budgets = task();
        String tenant = ticket.tenant();
        if (budgets.policies().isBroken(tenant)) {
            return new Answer.Denied(
                    DeadLetterCode.BUDGET_POLICY_INVALID, "the tenant's policy cannot be read; see the alerts");
        }
        @Nullable Answer refused = allowedTiers.refuses(route, request, budgets.allowedTiers(tenant));
        if (refused != null) {
            return refused;
        }
        return budgets.counts(tenant) ? admit(ticket, route, request, number, until, now) : FREE;
    }

    private Answer admit(Ticket ticket, Route route, Request request, int number, Instant until, Instant now) {
        BudgetTask budgets = task();
        String tenant = ticket.tenant();
        String id = Reservation.id(ticket.id().toString(), number);
        CountedBody counted = new CountedBody(request.body());
        WorstCase worst = budgets.pricing().worst(counted, route);
        return switch (budgets.accounts().reserve(tenant, id, worst, until.plus(GRACE), now)) {
            case Admission.Granted granted -> {
                touched(tenant, now);
                yield new Answer.Granted(granted.reservation().usd());
            }
            case Admission.OverLimit over -> {
                Answer answer = spent(budgets, ticket, route, counted, worst, over, now);
                if (!(answer instanceof Answer.Instead)) {
                    budgets.refused(tenant, worst, emit, now);
                    refresh();
                }
                yield answer;
            }
            case Admission.UnknownPrice unknown ->
                new Answer.Denied(
                        DeadLetterCode.BUDGET_PRICE_UNKNOWN,
                        Detail.of("price of " + unknown.model() + ": unknown (expected: an entry in budgets.prices)"));
            case Admission.Unbounded unbounded ->
                new Answer.Denied(
                        DeadLetterCode.BUDGET_UNBOUNDED,
                        Detail.of(unbounded.what() + ": no bound in tokens (expected: one in budgets.tokens_of_part)"));
            case Admission.Repeated repeated ->
                new Answer.Denied(
                        DeadLetterCode.BUDGET_EXCEEDED,
                        "the id of the dispatch was used by a usage event of somebody else");
        };
    }

    private Answer spent(
            BudgetTask budgets,
            Ticket ticket,
            Route route,
            CountedBody counted,
            WorstCase worst,
            Admission.OverLimit over,
            Instant now) {
        String tenant = ticket.tenant();
        Optional<TenantPolicy> policy = budgets.policies().policy(tenant);
        return switch (spent.onSpent(policy)) {
            case REJECT -> SpentPolicy.rejected(over);
            case HOLD -> held(tenant, worst, policy, over, now);
            case DOWNGRADE -> {
                Ledger ledger = budgets.accounts().ledger(tenant, now);
                @Nullable
                Route cheaper = spent.cheaper(
                        route,
                        budgets.allowedTiers(tenant),
                        other -> budgets.pricing().worst(counted, other),
                        ledger);
                yield cheaper == null
                        ? SpentPolicy.rejected(over)
                        : new Answer.Instead(cheaper, DeadLetterCode.BUDGET_EXCEEDED);
            }
        };
    }

    private Answer held(
            String tenant, WorstCase worst, Optional<TenantPolicy> policy, Admission.OverLimit over, Instant now) {
        return SpentPolicy.held(over, later -> stillHeld(tenant, worst, policy, later), now);
    }

    /** As if the call had asked, under the policy that held it. */
    private Answer.@Nullable Held stillHeld(
            String tenant, WorstCase worst, Optional<TenantPolicy> policy, Instant now) {
        BudgetTask budgets = task();
        if (budgets.policies().isBroken(tenant)
                || !budgets.policies().policy(tenant).equals(policy)
                || !(budgets.accounts().ledger(tenant, now).reserve(SpentPolicy.PROBE, worst, Instant.MAX)
                        instanceof Admission.OverLimit over)
                || !(held(tenant, worst, policy, over, now) instanceof Answer.Held held)) {
            return null;
        }
        budgets.refused(tenant, worst, emit, now);
        refresh();
        metrics.answered(held);
        return held;
    }

    @Override
    public void release(String tenant, RequestId id, int number, Instant now) {
        task().release(tenant, Reservation.id(id.toString(), number), emit, now);
        refresh();
    }

    @Override
    public Emission.Spend settle(UsageEvent event, boolean reserved, Instant now) {
        BudgetTask budgets = task();
        UsageEvent priced = budgets.pricing().priced(event);
        if (!reserved && !budgets.counts(event.tenant())) {
            return new Emission.Spend(priced, null);
        }
        Emission.Spend booked = budgets.book(priced, emit, now);
        metrics.charged(booked.event());
        refresh();
        return booked;
    }

    private void touched(String tenant, Instant now) {
        task().touch(tenant, now);
        refresh();
    }

    private void refresh() {
        DueTimes known = dueTimes;
        if (known == null) {
            known = task().dueTimes(context, emit);
            dueTimes = known;
        }
        known.refresh();
    }

    @Override
    public Terms terms(String tenant) {
        return task().policies().terms(tenant);
    }

    @Override
    public void close() {
        if (dueTimes != null) {
            dueTimes.close();
        }
    }

    static @Nullable BigDecimal usd(WorstCase worst) {
        return worst instanceof WorstCase.Bounded bounded && bounded.cost() instanceof Cost.Known known
                ? known.usd()
                : null;
    }
}
