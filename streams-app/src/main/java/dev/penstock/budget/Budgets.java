package dev.penstock.budget;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TierConfig;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CacheDirective;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.Trim;
import dev.penstock.work.Emission;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Reservations;
import dev.penstock.work.TenantPolicies;
import dev.penstock.work.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.jspecify.annotations.Nullable;

/** The budget stage, ready to be wired: the node that reads policies and usage, and what dispatch asks. */
public final class Budgets implements Reservations.Opener, TenantPolicies {

    /** How far the clocks of other gateways may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final BudgetsConfig config;
    private final LedgerTerms terms;
    private final Pricing pricing;
    private final AllowedTiersPolicy allowedTiers;
    private final SpentPolicy spent;
    private final BudgetMetrics metrics;
    private final Map<TaskId, BudgetTask> tasks = new ConcurrentHashMap<>();

    private Budgets(PenstockConfig config, PriceTable prices, BudgetMetrics metrics) {
        this.config = config.budgets();
        this.terms = new LedgerTerms(this.config.defaults(), this.config.timeZone(), this.config.retention(), SKEW);
        this.pricing = new Pricing(this.config, prices, config.targets());
        this.metrics = metrics;
        this.allowedTiers = new AllowedTiersPolicy(config.tiers(), config.targets());
        this.spent = new SpentPolicy(this.config.onSpent(), config.tiers());
    }

    /**
     * The stage of an instance, with the prices that its configuration names.
     *
     * @throws ConfigException if they cannot be read
     */
    public static Budgets of(PenstockConfig config, MeterRegistry meters, InstantSource clock) throws ConfigException {
        Path file = config.budgets().prices();
        return new Budgets(
                config,
                file == null ? PriceTable.EMPTY : prices(file),
                new BudgetMetrics(meters, clock, config.budgets().shownInMetrics()));
    }

    private static PriceTable prices(Path file) throws ConfigException {
        try {
            return PriceFile.read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException(List.of("budgets.prices: " + file + " (expected: a file that can be read)"));
        }
    }

    /**
     * What is wrong as a whole: a tier is allowed that there is not, the file of prices cannot be read, or a target of a tier
     * has no price where calls would be denied for it. Empty if nothing is.
     */
    public static Optional<String> problem(PenstockConfig config) {
        List<String> tiers = config.tiers().stream().map(TierConfig::name).toList();
        for (String allowed : config.budgets().allowedTiers()) {
            if (!tiers.contains(allowed)) {
                return Optional.of(
                        "budgets.allowed_tiers: " + allowed + " (expected: one of " + String.join(", ", tiers) + ")");
            }
        }
        try {
            Path file = config.budgets().prices();
            PriceTable prices = file == null ? PriceTable.EMPTY : prices(file);
            return new Pricing(config.budgets(), prices, config.targets()).problem(config.tiers());
        } catch (ConfigException wrong) {
            return Optional.of(String.join("\n", wrong.problems()));
        }
    }

    /** The node that reads policies and usage. */
    public ProcessorSupplier<byte[], byte[], Object, Object> stage(
            BudgetSources sources, IntakeGate gate, Transactions transactions, BudgetRoutes routes) {
        return () -> new BudgetProcessor(this, sources, gate, transactions, routes);
    }

    /** The task starts; what was in memory of an earlier start of it is forgotten. */
    BudgetTask start(ProcessorContext<?, ?> context, IntakeGate gate, Transactions transactions) {
        int partition = context.taskId().partition();
        metrics.starts(context.taskId());
        BudgetTask task = new BudgetTask(
                config,
                terms,
                pricing,
                new BudgetStore(context.getStateStore(BudgetStore.NAME), terms.retention()),
                transactions,
                standing -> shown(context.taskId(), standing),
                () -> gate.caughtUp(partition),
                Instant.ofEpochMilli(context.currentSystemTimeMs()));
        metrics.started(context.taskId());
        tasks.put(context.taskId(), task);
        return task;
    }

    /** Reservations that are open in all tasks of the instance. */
    public int reservations() {
        return tasks.values().stream()
                .mapToInt(task -> task.store().reservations())
                .sum();
    }

    /** Tenants that have a ledger in any task of the instance. */
    public int ledgers() {
        return tasks.values().stream().mapToInt(task -> task.store().ledgers()).sum();
    }

    private void shown(TaskId id, Emission.Standing standing) {
        if (standing.status() == null) {
            metrics.gone(id, standing.key());
        } else {
            metrics.told(id, standing.status());
        }
    }

    void ended(TaskId id, BudgetTask task) {
        if (tasks.remove(id, task)) {
            metrics.ended(id);
        }
    }

    @Override
    public Reservations open(ProcessorContext<?, ?> context, Consumer<Emission> emit) {
        if (!config.enabled()) {
            return new FreeCalls(pricing);
        }
        TaskId id = context.taskId();
        return new TaskReservations(() -> started(id), allowedTiers, spent, metrics, context, emit);
    }

    @Override
    public @Nullable BatchDirective batching(TaskId id, String tenant) {
        return policy(id, tenant).map(TenantPolicy::batch).orElse(null);
    }

    @Override
    public @Nullable CacheDirective caching(TaskId id, String tenant) {
        return policy(id, tenant).map(TenantPolicy::cache).orElse(null);
    }

    @Override
    public @Nullable Trim trimming(TaskId id, String tenant) {
        return policy(id, tenant).map(TenantPolicy::trim).orElse(null);
    }

    @Override
    public @Nullable List<String> tiers(TaskId id, String tenant) {
        return config.enabled() ? started(id).allowedTiers(tenant) : null;
    }

    private Optional<TenantPolicy> policy(TaskId id, String tenant) {
        return config.enabled() ? started(id).policies().policy(tenant) : Optional.empty();
    }

    private BudgetTask started(TaskId id) {
        BudgetTask task = tasks.get(id);
        if (task == null) {
            throw new IllegalStateException("the budgets of task " + id + " were asked before they were read");
        }
        return task;
    }
}
