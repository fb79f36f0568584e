package dev.penstock.pipeline;

import dev.penstock.batching.BatchRoutes;
import dev.penstock.batching.BatchSettlingRoutes;
import dev.penstock.batching.Batching;
import dev.penstock.budget.BudgetRoutes;
import dev.penstock.budget.BudgetSources;
import dev.penstock.budget.BudgetStore;
import dev.penstock.cache.CacheRoutes;
import dev.penstock.cache.Caching;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.dispatch.CallStore;
import dev.penstock.dispatch.DispatchRoutes;
import dev.penstock.idempotency.Idempotency;
import dev.penstock.idempotency.IdempotencyRoutes;
import dev.penstock.idempotency.IdempotencyStore;
import dev.penstock.intake.Intake;
import dev.penstock.intake.IntakeRoutes;
import dev.penstock.outcome.EmitRoutes;
import dev.penstock.outcome.Outcomes;
import dev.penstock.pipeline.RankedTimestamps.Rank;
import dev.penstock.tiering.Tiering;
import dev.penstock.tiering.TieringRoutes;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The diagram. One sub-topology, so that all that one tenant needs is in one task; it reads top to bottom as a request
 * goes, and then as its outcome comes back.
 *
 * <p>Budget has two places: a node that reads policies and usage, and its store at dispatch, because the moment in which a
 * call is handed over is the one in which it is admitted. Both are there only with {@code budgets.enabled}.
 *
 * <p>Batching, between tiering and dispatch, is always there: what it holds must go on when it is switched off.
 */
final class PipelineTopology {

    private PipelineTopology() {}

    static Topology build(PenstockConfig config, Topics topics, PipelineParts parts) {
        return build(config, topics, parts, Stores::persistentKeyValueStore);
    }

    /** @param stores makes a store of that name */
    static Topology build(
            PenstockConfig config,
            Topics topics,
            PipelineParts parts,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        Topology topology = new Topology();
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        ByteArraySerializer toBytes = new ByteArraySerializer();
        TenantPartitions partitions = new TenantPartitions(config.topics().partitions());
        boolean budgets = config.budgets().enabled();
        Batching batching = parts.batching();
        Caching caching =
                new Caching(config.cache(), parts.budgets(), parts.transactions(), parts.valve(), parts.cache());
        Idempotency idempotency =
                new Idempotency(config.idempotency(), parts.transactions(), parts.valve(), caching.kept());

        topology.addSource(
                Topology.AutoOffsetReset.EARLIEST,
                Nodes.REQUESTS,
                new RankedTimestamps(Rank.REQUESTS, parts.clock()),
                bytes,
                bytes,
                topics.requests(),
                topics.rerouted());
        topology.addSource(
                Topology.AutoOffsetReset.EARLIEST,
                Nodes.OUTCOMES,
                new RankedTimestamps(Rank.OUTCOMES, parts.clock()),
                bytes,
                bytes,
                topics.outcomes());
        topology.addProcessor(
                Nodes.REQUESTS_ARRIVAL, () -> new RequestArrivals(parts.valve(), topics, budgets), Nodes.REQUESTS);
        topology.addProcessor(Nodes.OUTCOMES_ARRIVAL, () -> new Arrivals(parts.valve()), Nodes.OUTCOMES);
        if (budgets) {
            addBudget(topology, topics, parts, partitions);
        }

        topology.addProcessor(
                Nodes.INTAKE,
                Intake.stage(
                        config.intake(),
                        config.dispatch(),
                        partitions,
                        topics.rerouted(),
                        new IntakeRoutes(Nodes.IDEMPOTENCY, Nodes.EMIT, Nodes.TO_REROUTED)),
                Nodes.REQUESTS_ARRIVAL);
        topology.addProcessor(
                Nodes.IDEMPOTENCY, idempotency.stage(new IdempotencyRoutes(Nodes.CACHE, Nodes.EMIT)), Nodes.INTAKE);
        topology.addProcessor(
                Nodes.CACHE,
                caching.stage(new CacheRoutes(Nodes.TIERING, Nodes.IDEMPOTENCY_SETTLING)),
                Nodes.IDEMPOTENCY);
        topology.addProcessor(
                Nodes.TIERING,
                Tiering.stage(config, parts.tiering(), new TieringRoutes(Nodes.BATCHING, Nodes.CACHE_SETTLING)),
                Nodes.CACHE);
        topology.addProcessor(
                Nodes.BATCHING,
                batching.stage(
                        parts.transactions(), parts.valve(), new BatchRoutes(Nodes.DISPATCH, Nodes.CACHE_SETTLING)),
                Nodes.TIERING);
        topology.addProcessor(Nodes.OUTCOME, Outcomes.arrival(), Nodes.OUTCOMES_ARRIVAL);
        topology.addProcessor(
                Nodes.DISPATCH,
                parts.dispatch()
                        .stage(
                                parts.self(),
                                parts.permits(),
                                parts.runner(),
                                parts.transactions(),
                                parts.valve(),
                                parts.waiting(),
                                parts.budgets(),
                                new DispatchRoutes(Nodes.CACHE_SETTLING, Nodes.EMIT, Nodes.BATCHING_SETTLING)),
                with(budgets, Nodes.BATCHING, Nodes.OUTCOME));
        topology.addProcessor(
                Nodes.BATCHING_SETTLING,
                batching.settling(
                        parts.transactions(), parts.valve(), new BatchSettlingRoutes(Nodes.CACHE_SETTLING, Nodes.EMIT)),
                with(budgets, Nodes.DISPATCH));
        topology.addProcessor(
                Nodes.CACHE_SETTLING,
                caching.settling(),
                Nodes.TIERING,
                Nodes.BATCHING,
                Nodes.DISPATCH,
                Nodes.BATCHING_SETTLING);
        topology.addProcessor(Nodes.IDEMPOTENCY_SETTLING, idempotency.settling(), Nodes.CACHE, Nodes.CACHE_SETTLING);
        topology.addProcessor(
                Nodes.EMIT,
                Outcomes.emission(
                        RecordSizes.MAX_RECORD_BYTES,
                        parts.appVersion(),
                        parts.metrics(),
                        new EmitRoutes(
                                Nodes.TO_RESULTS,
                                Nodes.TO_DEAD_LETTERS,
                                Nodes.TO_USAGE,
                                Nodes.TO_BUDGETS,
                                Nodes.TO_ALERTS)),
                with(
                        budgets,
                        Nodes.INTAKE,
                        Nodes.IDEMPOTENCY,
                        Nodes.DISPATCH,
                        Nodes.BATCHING_SETTLING,
                        Nodes.IDEMPOTENCY_SETTLING));

        topology.addSink(Nodes.TO_RESULTS, topics.results(), toBytes, toBytes, Nodes.EMIT);
        topology.addSink(Nodes.TO_DEAD_LETTERS, topics.deadLetters(), toBytes, toBytes, Nodes.EMIT);
        topology.addSink(Nodes.TO_USAGE, topics.usage(), toBytes, toBytes, partitions, Nodes.EMIT);
        topology.addSink(Nodes.TO_REROUTED, topics.rerouted(), toBytes, toBytes, partitions, Nodes.INTAKE);

        addStore(topology, stores.apply(IdempotencyStore.NAME), Nodes.IDEMPOTENCY, Nodes.IDEMPOTENCY_SETTLING);
        addStore(topology, stores.apply(Caching.STORE), Nodes.CACHE, Nodes.CACHE_SETTLING);
        addStore(topology, stores.apply(CallStore.NAME), Nodes.DISPATCH);
        addStore(topology, stores.apply(Batching.STORE), Nodes.BATCHING, Nodes.BATCHING_SETTLING);
        if (budgets) {
            topology.addSink(
                    Nodes.TO_REROUTED_CONTROL, topics.reroutedControl(), toBytes, toBytes, partitions, Nodes.BUDGET);
            topology.addSink(Nodes.TO_BUDGETS, topics.budgets(), toBytes, toBytes, Nodes.EMIT);
            topology.addSink(Nodes.TO_ALERTS, topics.alerts(), toBytes, toBytes, Nodes.EMIT);
            // A ledger changes with each of its tenant's calls: written once for each transaction.
            topology.addStateStore(
                    store(stores.apply(BudgetStore.NAME)).withCachingEnabled(), Nodes.BUDGET, Nodes.DISPATCH);
        }
        return topology;
    }

    /** Reads policies and usage. What it knows is in the store that it shares with dispatch. */
    private static void addBudget(Topology topology, Topics topics, PipelineParts parts, TenantPartitions partitions) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        topology.addSource(
                Topology.AutoOffsetReset.EARLIEST,
                Nodes.TENANTS,
                new RankedTimestamps(Rank.TENANTS, parts.clock()),
                bytes,
                bytes,
                topics.tenants());
        topology.addSource(
                Topology.AutoOffsetReset.EARLIEST,
                Nodes.USAGE,
                new RankedTimestamps(Rank.USAGE, parts.clock()),
                bytes,
                bytes,
                topics.usage());
        topology.addSource(
                Topology.AutoOffsetReset.EARLIEST,
                Nodes.CONTROL,
                new RankedTimestamps(Rank.TENANTS, parts.clock()),
                bytes,
                bytes,
                topics.reroutedControl());
        topology.addProcessor(Nodes.TENANTS_ARRIVAL, () -> new Arrivals(parts.valve()), Nodes.TENANTS);
        topology.addProcessor(Nodes.USAGE_ARRIVAL, () -> new Arrivals(parts.valve()), Nodes.USAGE);
        topology.addProcessor(Nodes.CONTROL_ARRIVAL, () -> new Arrivals(parts.valve()), Nodes.CONTROL);
        topology.addProcessor(
                Nodes.BUDGET,
                parts.budgets()
                        .stage(
                                new BudgetSources(
                                        topics.tenants(),
                                        topics.usage(),
                                        Set.of(topics.reroutedControl(), topics.rerouted()),
                                        partitions),
                                parts.valve(),
                                parts.transactions(),
                                new BudgetRoutes(
                                        Nodes.EMIT,
                                        Nodes.BATCHING_SETTLING,
                                        Nodes.TO_REROUTED_CONTROL,
                                        Nodes.DISPATCH)),
                Nodes.REQUESTS_ARRIVAL,
                Nodes.TENANTS_ARRIVAL,
                Nodes.USAGE_ARRIVAL,
                Nodes.CONTROL_ARRIVAL);
    }

    /** Parents of a node: those given, and the budget stage where it is. */
    private static String[] with(boolean budgets, String... parents) {
        return budgets
                ? Stream.concat(Stream.of(parents), Stream.of(Nodes.BUDGET)).toArray(String[]::new)
                : parents;
    }

    private static void addStore(Topology topology, KeyValueBytesStoreSupplier store, String... processors) {
        topology.addStateStore(store(store).withCachingDisabled(), processors);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(KeyValueBytesStoreSupplier store) {
        return Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG);
    }

    /** Small segments are compacted soon; a short {@code segment.ms} would make thousands of files instead. */
    private static final Map<String, String> CHANGELOG = Map.of(
            "segment.bytes",
            Integer.toString(32 << 20),
            "min.cleanable.dirty.ratio",
            "0.3",
            "max.message.bytes",
            Integer.toString(RecordSizes.MAX_RECORD_BYTES));
}
