package dev.penstock.pipeline;

import dev.penstock.batching.Batching;
import dev.penstock.budget.BudgetStore;
import dev.penstock.budget.Budgets;
import dev.penstock.cache.Caching;
import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.dispatch.CallStore;
import dev.penstock.dispatch.Dispatch;
import dev.penstock.dispatch.Owner;
import dev.penstock.dispatch.Permits;
import dev.penstock.dispatch.VirtualThreadCallRunner;
import dev.penstock.idempotency.IdempotencyStore;
import dev.penstock.membership.LeaveMarker;
import dev.penstock.provider.AttemptMetrics;
import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Provider;
import dev.penstock.provider.RetryBudget;
import dev.penstock.provider.TargetView;
import dev.penstock.provider.Targets;
import dev.penstock.tiering.Tiering;
import dev.penstock.tracing.Tracing;
import dev.penstock.trimming.Trimmer;
import dev.penstock.work.CallTrace;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.RatioTokenCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running instance of the pipeline: Kafka Streams, the call runner and what joins them. */
public final class Pipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final PenstockConfig config;
    private final ClockWatch clockWatch;
    private final DiskWatch diskWatch;
    private final Permits permits;
    private final IntakeValve valve;
    private final KafkaOutcomePublisher publisher;
    private final KafkaAlertPublisher alerts;
    private final Targets targets;
    private final VirtualThreadCallRunner runner;
    private final RestoreProgress restore = new RestoreProgress();
    private final KafkaStreams streams;
    private final IntakeLag lag;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Pipeline(
            PenstockConfig config,
            Budgets budgets,
            Function<TargetConfig, Provider> providers,
            MeterRegistry meters,
            Tracing tracing,
            String appVersion) {
        InstantSource clock = InstantSource.system();
        Topics topics = new Topics(config.topics().prefix());
        Outboxes outboxes = new Outboxes(System::nanoTime, StepBudget.USUAL);
        this.config = config;
        this.clockWatch = new ClockWatch(System::currentTimeMillis, System::nanoTime, this::clockWasSet);
        this.diskWatch = DiskWatch.of(config.instance().directory(), this::fail);
        this.permits = new Permits(config.dispatch().permits());
        this.valve = IntakeValve.of(config, topics);
        this.publisher = new KafkaOutcomePublisher(config, topics.outcomes(), this::fail);
        this.alerts = new KafkaAlertPublisher(config, topics.alerts());
        this.targets = new Targets(
                config.targets(),
                config.breaker(),
                target -> tracing.around(target, providers.apply(target)),
                meters,
                clock,
                alerts);
        Dispatch dispatch = dispatch(config, targets, meters, tracing.callTrace(), clock);
        this.runner = dispatch.runner(publisher, permits, clock);
        WaitingCounts waiting = new WaitingCounts();
        PipelineParts parts = new PipelineParts(
                new Owner(config.instance().id(), UUID.randomUUID().toString()),
                clock,
                permits,
                new TieringMetrics(meters, config.tiers()),
                budgets,
                new Batching(config, budgets, new RatioTokenCounter(), new BatchMetrics(meters)),
                dispatch,
                runner,
                outboxes,
                valve,
                waiting,
                new TracedTerminals(
                        new PipelineMetrics(meters, targets.names(), permits, valve, waiting, clock), tracing),
                new CacheMetrics(meters),
                appVersion);
        this.streams = new KafkaStreams(
                PipelineTopology.build(config, topics, parts),
                StreamsSettings.of(config),
                new PipelineClients(outboxes, valve));
        this.lag = new IntakeLag(
                Admin.create(new HashMap<>(config.kafka())),
                config.applicationId(),
                Set.of(topics.requests(), topics.rerouted(), topics.outcomes()),
                valve::partitions);
        TransactionMetrics.register(meters, outboxes, config.streams().transactionTimeout());
        show(new InstanceMetrics(meters), budgets, new KafkaMeters(streams::metrics), meters);
        streams.setGlobalStateRestoreListener(restore);
        streams.setUncaughtExceptionHandler(error -> {
            fail(error);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                stopped.countDown();
            }
        });
    }

    private void show(InstanceMetrics instance, Budgets budgets, KafkaMeters kafka, MeterRegistry meters) {
        instance.ready(this::ready);
        instance.restore(restore);
        instance.intake(valve);
        instance.rows(valve, budgets);
        instance.lag(lag);
        instance.outcomes(runner.unwritten(), publisher, InstantSource.system());
        List<String> stores = List.of(IdempotencyStore.NAME, Caching.STORE, Batching.STORE, CallStore.NAME);
        kafka.register(
                meters,
                config.budgets().enabled()
                        ? Stream.concat(stores.stream(), Stream.of(BudgetStore.NAME))
                                .toList()
                        : stores);
    }

    private static Dispatch dispatch(
            PenstockConfig config, Targets targets, MeterRegistry meters, CallTrace trace, InstantSource clock) {
        RetryBudget budget =
                new RetryBudget(config.retry().budgetPercent(), config.retry().budgetFloor());
        return new Dispatch(
                config,
                new AttemptPlan(config.retry(), budget),
                targets,
                new AttemptMetrics(meters, targets.names(), budget, clock),
                new MeteredFitting(Trimmer.of(config.targets()), meters),
                trace);
    }

    /** What is wrong with a configuration beyond its single values; empty if nothing is. */
    public static Optional<String> problem(PenstockConfig config) {
        return Tiering.problem(config).or(() -> Budgets.problem(config)).or(config.intake()::problem);
    }

    /**
     * Starts an instance; the topics must exist. Not ready yet: see {@link #ready()}.
     *
     * @param tracing told of what happens; closed by whoever made it, after this
     * @throws ConfigException if a file that the configuration names cannot be read, or the state not be opened
     */
    public static Pipeline start(
            PenstockConfig config,
            Function<TargetConfig, Provider> providers,
            MeterRegistry meters,
            Tracing tracing,
            String appVersion)
            throws ConfigException {
        Budgets budgets = Budgets.of(config, meters, InstantSource.system());
        Pipeline pipeline = new Pipeline(config, budgets, providers, meters, tracing, appVersion);
        try {
            pipeline.streams.start();
        } catch (ProcessorStateException unusable) {
            pipeline.close();
            throw new ConfigException(
                    List.of(StateDisk.unusable(config.instance().directory(), unusable)));
        }
        pipeline.lag.start();
        pipeline.clockWatch.start();
        pipeline.diskWatch.start();
        return pipeline;
    }

    private void clockWasSet(Duration difference) {
        fail(new IllegalStateException("the host's clock was set by " + difference.toSeconds()
                + " s (expected: at most " + ClockWatch.TOLERANCE.toSeconds() + " s at once); start again"));
    }

    private void fail(Throwable error) {
        if (failure.compareAndSet(null, error)) {
            StateDisk.full(config.instance().directory(), error)
                    .ifPresentOrElse(LOG::error, () -> LOG.error("the pipeline cannot go on", error));
        }
        stopped.countDown();
    }

    /** Waits until the pipeline has stopped, by {@link #close()} or by itself. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Whether it stopped, or has to, because something failed. */
    public boolean hasFailed() {
        return failure.get() != null || streams.state() == KafkaStreams.State.ERROR;
    }

    /** Whether every thread lives. A rebalance is life too. */
    public boolean live() {
        return !hasFailed() && streams.state() != KafkaStreams.State.NOT_RUNNING;
    }

    /** Whether all state is restored, all partitions are caught up and requests are taken in. */
    public boolean ready() {
        return live()
                && streams.state() == KafkaStreams.State.RUNNING
                && restore.changelogs() == 0
                && valve.catchingUp().isEmpty();
    }

    /** How the targets look. */
    public List<TargetView> targets(Instant now) {
        return targets.look(now);
    }

    /** What an operator wants to know of the instance's state, by name. */
    public Map<String, String> checks() {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("streams", streams.state().name());
        checks.put("restore", "changelogs=" + restore.changelogs() + " records_left=" + restore.records());
        checks.put("catching_up", valve.catchingUp().toString());
        checks.put("intake_closed", valve.full().toString());
        checks.put(
                "calls",
                "in_flight=" + permits.inUse() + "/" + permits.capacity() + " waiting="
                        + valve.waiting(IntakeGate.Place.QUEUE));
        targets.look(Instant.now())
                .forEach(target -> checks.put(
                        "target " + target.name(), "breaker=" + target.breaker() + " gate=" + target.gate()));
        return checks;
    }

    /**
     * Drains and stops: nothing new is taken in or called, running calls get the grace time, what they came to is written,
     * and what waits stays in the stores for the next run.
     */
    @Override
    public void close() {
        clockWatch.close();
        diskWatch.close();
        lag.close();
        valve.shut();
        permits.shut();
        try {
            runner.drain(config.drain().grace());
            publisher.flush(CLOSE_PATIENCE);
            closeStreams();
            // The last commit may have released launches; each becomes a not_sent that the next run reads.
            runner.awaitIdle(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closeStreams();
        }
        runner.close();
        publisher.close();
        targets.close();
        alerts.close();
        stopped.countDown();
    }

    /** A static member stays in its group when it closes, to be back soon; one that was told to leave does so. */
    private void closeStreams() {
        LeaveMarker leave = LeaveMarker.of(config.instance());
        if (!leave.isSet()) {
            streams.close(CLOSE_PATIENCE);
            return;
        }
        LOG.info("leaving the group");
        streams.close(CloseOptions.timeout(CLOSE_PATIENCE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        try {
            leave.clear();
        } catch (IOException stays) {
            LOG.warn("the marker of penstock leave stays until the next start");
        }
    }
}
