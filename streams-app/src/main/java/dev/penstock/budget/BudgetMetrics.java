package dev.penstock.budget;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.work.Reservations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * Where budgets with a limit stand, for the tenants and windows that are used up most: a series for each of 100,000 tenants
 * would be too many. The budgets topic has all of them.
 */
final class BudgetMetrics {

    private record Shown(AtomicReference<BudgetStatus> status, List<Gauge> meters) {}

    private record Denial(String action, DeadLetterCode code) {}

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Counter unknown;
    private final FullestBudgets fullest;
    private final Set<TaskId> starting = new HashSet<>();
    private final Map<Denial, Counter> denials = new ConcurrentHashMap<>();

    /** @param most budgets that are shown */
    BudgetMetrics(MeterRegistry meters, InstantSource clock, int most) {
        this.meters = meters;
        this.clock = clock;
        this.fullest = new FullestBudgets(most, new Series());
        this.unknown = Counter.builder("penstock.budget.unknown.usd")
                .description("US dollars charged at the worst case, because nobody knows what the call cost")
                .register(meters);
    }

    void charged(UsageEvent event) {
        if (event.status() == UsageEvent.Status.UNKNOWN && event.costUsd() != null) {
            unknown.increment(event.costUsd().doubleValue());
        }
    }

    /** Counts a call that may not leave, each time that it asks. */
    void answered(Reservations.Answer answer) {
        switch (answer) {
            case Reservations.Answer.Free free -> {}
            case Reservations.Answer.Granted granted -> {}
            case Reservations.Answer.Denied denied -> denied("rejected", denied.code());
            case Reservations.Answer.Held held ->
                denied("held", held.otherwise().code());
            case Reservations.Answer.Instead instead -> denied("downgraded", instead.insteadOf());
        }
    }

    private void denied(String action, DeadLetterCode code) {
        denials.computeIfAbsent(new Denial(action, code), this::counter).increment();
    }

    private Counter counter(Denial denial) {
        return Counter.builder("penstock.budget.denials")
                .description("Calls that a budget or a policy did not let out")
                .tag("action", denial.action())
                .tag("code", denial.code().code())
                .register(meters);
    }

    /** The task starts: what it tells before {@link #started} is ranked before any of it is shown, or many would be in vain. */
    synchronized void starts(TaskId task) {
        starting.add(task);
    }

    /** The task has told where all of its budgets stand. */
    synchronized void started(TaskId task) {
        starting.remove(task);
        fullest.fill();
    }

    /** Where a budget of a task stands. */
    synchronized void told(TaskId task, BudgetStatus status) {
        if (isLimited(status)) {
            fullest.put(task, status);
        } else {
            fullest.remove(task, status.key());
        }
        if (!starting.contains(task)) {
            fullest.fill();
        }
    }

    /** What was told under the key is not counted any more. */
    synchronized void gone(TaskId task, String key) {
        fullest.remove(task, key);
    }

    private static boolean isLimited(BudgetStatus status) {
        return (status.usd() != null && status.usd().limit() != null)
                || status.tokens().limit() != null;
    }

    /** The task has left; another instance shows its tenants now. */
    synchronized void ended(TaskId task) {
        starting.remove(task);
        fullest.removeAll(task);
    }

    private final class Series implements FullestBudgets.Display {

        private final Map<String, Shown> shown = new HashMap<>();

        @Override
        public void show(BudgetStatus status) {
            Shown known = shown.get(status.key());
            if (known == null) {
                AtomicReference<BudgetStatus> latest = new AtomicReference<>(status);
                shown.put(status.key(), new Shown(latest, gauges(latest)));
            } else {
                known.status().set(status);
            }
        }

        @Override
        public void hide(String key) {
            Shown hidden = shown.remove(key);
            if (hidden != null) {
                hidden.meters().forEach(meters::remove);
            }
        }
    }

    private List<Gauge> gauges(AtomicReference<BudgetStatus> status) {
        List<Gauge> ids = new ArrayList<>();
        ids.add(gauge(
                "limit.usd", status, s -> usd(s.usd() == null ? null : s.usd().limit())));
        ids.add(gauge(
                "used.usd", status, s -> usd(s.usd() == null ? null : s.usd().used())));
        ids.add(gauge(
                "reserved.usd",
                status,
                s -> usd(s.usd() == null ? null : s.usd().reserved())));
        ids.add(gauge(
                "limit.tokens",
                status,
                s -> s.tokens().limit() == null ? Double.NaN : s.tokens().limit()));
        ids.add(gauge("used.tokens", status, s -> s.tokens().used()));
        ids.add(gauge("reserved.tokens", status, s -> s.tokens().reserved()));
        ids.add(gauge("used.ratio", status, BudgetMetrics::usedRatio));
        ids.add(gauge("exhausted", status, s -> refuses(s.state()) ? 1 : 0));
        ids.add(gauge(
                "reset.seconds",
                status,
                s -> Math.max(0, Duration.between(clock.instant(), s.resetsAt()).toSeconds())));
        return ids;
    }

    static boolean refuses(BudgetStatus.State state) {
        return switch (state) {
            case OK, WARNING -> false;
            case EXHAUSTED, EXCEEDED -> true;
        };
    }

    /** Of the limit that is used up most. */
    static double usedRatio(BudgetStatus status) {
        BudgetStatus.Dollars usd = status.usd();
        Long tokens = status.tokens().limit();
        double ofUsd = usd == null || usd.limit() == null ? 0 : ratio(usd.used(), usd.limit());
        double ofTokens =
                tokens == null ? 0 : ratio(BigDecimal.valueOf(status.tokens().used()), BigDecimal.valueOf(tokens));
        return Math.max(ofUsd, ofTokens);
    }

    private static double ratio(BigDecimal used, BigDecimal limit) {
        return limit.signum() == 0 ? 1 : used.doubleValue() / limit.doubleValue();
    }

    private static double usd(@Nullable BigDecimal amount) {
        return amount == null ? Double.NaN : amount.doubleValue();
    }

    private Gauge gauge(String name, AtomicReference<BudgetStatus> status, ToDoubleFunction<BudgetStatus> value) {
        BudgetStatus now = status.get();
        return Gauge.builder("penstock.budget." + name, status, latest -> value.applyAsDouble(latest.get()))
                .description("As the budgets topic says")
                .tag("tenant", now.tenant())
                .tag("window", now.window())
                .strongReference(true)
                .register(meters);
    }
}
