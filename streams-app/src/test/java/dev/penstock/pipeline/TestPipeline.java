package dev.penstock.pipeline;

import dev.penstock.batching.Batching;
import dev.penstock.budget.Budgets;
import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.dispatch.Dispatch;
import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.dispatch.Permits;
import dev.penstock.outcome.TerminalListener;
import dev.penstock.provider.AttemptMetrics;
import dev.penstock.provider.AttemptPlan;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.RetryBudget;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import dev.penstock.trimming.Trimmer;
import dev.penstock.work.CallTrace;
import dev.penstock.work.RatioTokenCounter;
import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The real topology under the test driver, with a fake clock and a runner that only notes what it is asked. The driver
 * never commits through a producer, so a test says {@link #commit()} where the transaction ends.
 */
final class TestPipeline implements AutoCloseable {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Owner SELF = new Owner("node-1", "run-2");
    private final WireCodec codec = new WireCodec();
    private final TransactionWork work = new TransactionWork(this::begins);
    private final KeptStores stores = new KeptStores(work);
    private final Topics topics;
    private final StepBudget budget;
    private final DriverOutput output = new DriverOutput(work);
    private Instant now = START;
    private Duration workTime = Duration.ZERO;
    private Duration timeOfAShare = Duration.ZERO;
    private SimpleMeterRegistry budgetMeters = new SimpleMeterRegistry();
    private boolean readsAgain = true;
    private boolean hasOffsets;
    private boolean notesEnds = true;
    private final WaitingCounts waiting = new WaitingCounts();
    private Function<ProviderCall, ProviderReply> provider = call -> {
        throw new IllegalStateException("no call is made here");
    };
    private final CacheCounts cacheCounts = new CacheCounts();
    private TestInstance instance;
    private Outboxes outboxes;
    private Outbox outbox;
    private TopologyTestDriver driver;

    TestPipeline(String... sets) {
        this(StepBudget.USUAL, sets);
    }

    /** @param budget what one transaction may carry of the thread's own work */
    TestPipeline(StepBudget budget, String... sets) {
        this.budget = budget;
        this.instance = newInstance(SELF, sets);
        this.topics = new Topics(instance.config().topics().prefix());
        this.outboxes = newOutboxes();
        this.outbox = openOutbox(outboxes);
        this.driver = open(outboxes);
        catchUpTo(0);
        caughtUp();
    }

    /**
     * Another task of the same stream thread: what one transaction may carry is for both together. Each commits for itself,
     * so a test commits both.
     *
     * @param neighbour the task that the thread has already
     */
    TestPipeline(TestPipeline neighbour, String... sets) {
        this.budget = neighbour.budget;
        this.instance = newInstance(SELF, sets);
        this.topics = new Topics(instance.config().topics().prefix());
        this.outboxes = neighbour.outboxes;
        this.outbox = neighbour.outbox;
        this.driver = open(new SecondTask(outboxes));
        catchUpTo(0);
        caughtUp();
    }

    private static Dispatch dispatch(PenstockConfig config, Targets targets) {
        RetryBudget budget =
                new RetryBudget(config.retry().budgetPercent(), config.retry().budgetFloor());
        return new Dispatch(
                config,
                new AttemptPlan(config.retry(), budget),
                targets,
                new AttemptMetrics(new SimpleMeterRegistry(), targets.names(), budget, InstantSource.fixed(START)),
                Trimmer.of(config.targets()),
                CallTrace.AS_IT_CAME);
    }

    private static Budgets budgets(PenstockConfig config, SimpleMeterRegistry meters) {
        try {
            return Budgets.of(config, meters, InstantSource.fixed(START));
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static Batching batching(PenstockConfig config, Budgets budgets) {
        return new Batching(config, budgets, new RatioTokenCounter(), new BatchMetrics(new SimpleMeterRegistry()));
    }

    /** What the provider answers when a test makes a call that was launched. */
    void answerWith(Function<ProviderCall, ProviderReply> answers) {
        provider = answers;
    }

    private static PenstockConfig configured(String... sets) {
        List<String> settings = new ArrayList<>(List.of("topics.partitions=1"));
        settings.addAll(List.of(sets));
        return PenstockConfig.of(settings.toArray(String[]::new));
    }

    /** Another run of an instance, which has no task yet. */
    TestInstance newInstance(Owner owner, String... sets) {
        return TestInstance.of(owner, configured(sets), target -> new TestProvider(), () -> now);
    }

    private Outboxes newOutboxes() {
        return new Outboxes(this::workNanos, budget);
    }

    /** Each look at the clock of a thread's own work is a share of it. */
    private long workNanos() {
        workTime = workTime.plus(timeOfAShare);
        return workTime.toNanos();
    }

    /** How long a thread works for each share that it takes of its transaction. */
    void eachShareTakes(Duration time) {
        timeOfAShare = time;
    }

    private static Outbox openOutbox(Outboxes outboxes) {
        return outboxes.openFor(Thread.currentThread().getName() + "-producer");
    }

    private TopologyTestDriver open(Transactions transactions) {
        budgetMeters = new SimpleMeterRegistry();
        PenstockConfig config = instance.config();
        Budgets budgets = budgets(config, budgetMeters);
        new InstanceMetrics(budgetMeters).rows(instance.valve(), budgets);
        PipelineParts parts = new PipelineParts(
                instance.owner(),
                InstantSource.fixed(START),
                instance.permits(),
                route -> {},
                budgets,
                batching(config, budgets),
                dispatch(config, instance.targets()),
                instance.runner(),
                transactions,
                instance.valve(),
                waiting,
                new NoListener(),
                cacheCounts,
                "test");
        return new TopologyTestDriver(PipelineTopology.build(config, topics, parts, stores::supplier), streams(), now);
    }

    /**
     * Kills the process and starts another on what was committed. Nothing is in doubt until {@link #caughtUp()}; offsets
     * start anew.
     *
     * @param next the instance and run that takes over
     * @param sets its configuration
     */
    void restart(Owner next, String... sets) {
        moveTo(newInstance(next, sets));
    }

    /** The task moves to an instance that may have had it before. Its state is what was committed. */
    void moveTo(TestInstance next) {
        instance = next;
        reopen();
    }

    /** The same, after a time in which nothing ran. */
    void restartAfter(Duration stopped, Owner next, String... sets) {
        now = now.plus(stopped);
        restart(next, sets);
    }

    /** What the instance that runs now says of budgets and of its stores. */
    SimpleMeterRegistry budgetMeters() {
        return budgetMeters;
    }

    /** Rolls the transaction back and revives the task in the same process, as Streams does after a failed commit. */
    void abortAndRevive() {
        outbox.drop();
        reopen();
    }

    private void reopen() {
        hasOffsets = false;
        driver.close();
        stores.rollBack();
        output.clear();
        work.ends();
        outboxes = newOutboxes();
        outbox = openOutbox(outboxes);
        driver = open(outboxes);
        if (notesEnds) {
            catchUpTo(Integer.MAX_VALUE);
        }
    }

    /** The topology of that configuration, as Streams describes it. */
    static String describe(PenstockConfig config) {
        Topics topics = new Topics(config.topics().prefix());
        IntakeValve valve = new IntakeValve(Set.of(), Set.of(), config.dispatch());
        PipelineParts parts = new PipelineParts(
                SELF,
                InstantSource.fixed(START),
                new Permits(1),
                route -> {},
                budgets(config, new SimpleMeterRegistry()),
                batching(config, budgets(config, new SimpleMeterRegistry())),
                dispatch(config, TestInstance.targets(config, target -> new NoProvider(), () -> START)),
                new NotingRunner(new Permits(1)),
                new Outboxes(() -> 0L, StepBudget.USUAL),
                valve,
                new WaitingCounts(),
                new NoListener(),
                new CacheCounts(),
                "test");
        return PipelineTopology.build(config, topics, parts).describe().toString();
    }

    private static Properties streams() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Path.of("target", "driver-state").toString());
        return settings;
    }

    /** The consumer finds out how many outcomes stand on the topic, if the task waits for that. */
    void noteEnds(long outcomes) {
        if (valve().awaitsEnds(0)) {
            catchUpTo(outcomes);
        }
    }

    /** The consumer has read so many outcomes of the topic. */
    void hasRead(long outcomes) {
        CatchUp catchUp = valve().catchUp(new TopicPartition(topics.outcomes(), 0));
        if (catchUp != null) {
            catchUp.positionIs(outcomes);
        }
    }

    private void catchUpTo(long end) {
        valve().catchUpTo(Map.of(new TopicPartition(topics.outcomes(), 0), end));
    }

    /** The outcomes that were written before the task started have all been delivered. */
    void caughtUp() {
        hasRead(Integer.MAX_VALUE);
    }

    /** Sends a request record as a user would. */
    void send(@Nullable String key, byte @Nullable [] value) {
        pipe(topics.requests(), new TestRecord<>(bytes(key), value, now));
    }

    void send(@Nullable String key, String value) {
        send(key, value.getBytes(StandardCharsets.UTF_8));
    }

    void sendRerouted(TestRecord<byte[], byte[]> record) {
        pipe(topics.rerouted(), record);
    }

    /** Sends a policy or a usage event as the pipeline forwards it from a foreign partition. */
    void sendReroutedControl(TestRecord<byte[], byte[]> record) {
        pipe(topics.reroutedControl(), record);
    }

    /** Sends a record to the requests topic with headers and a time of its own. */
    void send(TestRecord<byte[], byte[]> record) {
        pipe(topics.requests(), record);
    }

    void deliver(Outcome outcome) {
        pipe(topics.outcomes(), new TestRecord<>(bytes(outcome.tenant()), codec.write(outcome), now));
    }

    /** Sends any record to the outcomes topic. */
    void deliver(byte @Nullable [] value) {
        pipe(topics.outcomes(), new TestRecord<>(bytes("acme"), value, now));
    }

    /** Sends a record to the tenants topic; null deletes the tenant's policy. */
    void govern(String tenant, @Nullable String policy) {
        pipe(topics.tenants(), new TestRecord<>(bytes(tenant), bytes(policy), now));
    }

    /** Sends a record to the usage topic, as another gateway would. */
    void publishUsage(String tenant, byte[] value) {
        pipe(topics.usage(), new TestRecord<>(bytes(tenant), value, now));
    }

    /** Sends a record to the usage topic as it stands. */
    void publishUsage(TestRecord<byte[], byte[]> record) {
        pipe(topics.usage(), record);
    }

    private void pipe(String topic, TestRecord<byte[], byte[]> record) {
        TestInputTopic<byte[], byte[]> input =
                driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
        work.read(record.value());
        hasOffsets = true;
        input.pipeInput(record);
        output.collect(driver);
    }

    private void begins() {
        outbox.begin();
    }

    /** Ends the transaction; what waited for it happens. Streams commits nothing for a task that has neither read nor written. */
    void commit() {
        boolean commits = hasOffsets || work.wroteAnything();
        stores.commit();
        work.ends();
        if (commits) {
            outbox.release();
        }
    }

    /** Rolls the transaction back, as far as what waits for it is concerned. */
    void abort() {
        outbox.drop();
    }

    void advance(Duration duration) {
        if (readsAgain) {
            readAgain();
        }
        now = now.plus(duration);
        driver.advanceWallClockTime(duration);
        output.collect(driver);
    }

    /** Whether a task that asks to catch up again has done so by the next wake-up, as where the topics have been read. */
    void readsAgain(boolean does) {
        readsAgain = does;
    }

    /** The test says itself what stands on the topics, and how far they are read. */
    void readsAsTold() {
        readsAgain = false;
        notesEnds = false;
    }

    /** All outcomes have been delivered that stood on the topic when the task asked to catch up again. */
    void readAgain() {
        if (valve().caughtUp(0) && valve().awaitsEnds(0)) {
            catchUpTo(0);
            caughtUp();
        }
    }

    /** Sets the clock back; seen from the next restart on. */
    void stepBack(Duration duration) {
        now = now.minus(duration);
    }

    Instant now() {
        return now;
    }

    /** When a node of the topology will be woken by the clock, in order. */
    List<Instant> wakeUps(String node) {
        return WakeUps.of(driver, node);
    }

    /** What left since it was last asked. */
    List<Launch> takeLaunched() {
        return instance.runner().takeLaunched();
    }

    Launch takeOneLaunched() {
        List<Launch> taken = takeLaunched();
        if (taken.size() != 1) {
            throw new AssertionError("launched: " + taken + " (expected: one)");
        }
        return taken.getFirst();
    }

    /** Whether the outcomes of its task can be written. */
    void writable(boolean writable) {
        instance.runner().writable(0, writable);
    }

    /** Returns the call's permit, as a runner does before it publishes. */
    void endCall(Launch launch) {
        instance.endCall(launch);
    }

    /** Makes the call of a launch through its target; the provider answers as the test said. */
    ProviderReply call(Launch launch) {
        try {
            return launch.lease()
                    .call(new ProviderCall(
                            launch.idempotencyKey(),
                            launch.request().url(),
                            launch.request().body(),
                            Duration.ofSeconds(30),
                            null));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    boolean holds(RequestId id, int number) {
        return instance.runner().holds(id, number);
    }

    /** Calls that the runner would not take for lost. */
    int held() {
        return instance.runner().held();
    }

    KeptStores stores() {
        return stores;
    }

    /** Who has the task now. */
    TestInstance instance() {
        return instance;
    }

    /** What transactions carried. */
    TransactionWork work() {
        return work;
    }

    IntakeValve valve() {
        return instance.valve();
    }

    Permits permits() {
        return instance.permits();
    }

    WaitingCounts waiting() {
        return waiting;
    }

    CacheCounts cache() {
        return cacheCounts;
    }

    List<TestRecord<byte[], byte[]>> results() {
        return output.take(topics.results());
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return output.take(topics.deadLetters());
    }

    List<TestRecord<byte[], byte[]>> usage() {
        return output.take(topics.usage());
    }

    List<TestRecord<byte[], byte[]>> budgets() {
        return output.take(topics.budgets());
    }

    List<TestRecord<byte[], byte[]>> alerts() {
        return output.take(topics.alerts());
    }

    List<TestRecord<byte[], byte[]>> reroutedControlOut() {
        return output.take(topics.reroutedControl());
    }

    List<TestRecord<byte[], byte[]>> reroutedOut() {
        return output.take(topics.rerouted());
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }

    private static final class NoListener implements TerminalListener {

        @Override
        public void result(Source source, Instant sentAt, Instant admittedAt, Instant now) {}

        @Override
        public void deadLetter(DeadLetterCode code) {}
    }

    /** Answers as the test says, if the test makes the calls that the runner only notes. */
    private final class TestProvider implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) {
            return provider.apply(call);
        }

        @Override
        public void close() {}
    }

    /** The driver gives the same number to the task of each topology. */
    private record SecondTask(Transactions transactions) implements Transactions {

        private static final TaskId NUMBER = new TaskId(0, 1);

        @Override
        public void afterCommit(PostCommit action) {
            transactions.afterCommit(action);
        }

        @Override
        public boolean claim(ProcessorContext<?, ?> context, String work, long bytes) {
            MockProcessorContext<Object, Object> second =
                    new MockProcessorContext<>(new Properties(), NUMBER, context.stateDir());
            boolean granted = transactions.claim(second, work, bytes);
            if (second.committed()) {
                context.commit();
            }
            return granted;
        }
    }

    /** For a topology that nothing runs on. */
    private static final class NoProvider implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) {
            throw new IllegalStateException("nothing is called here");
        }

        @Override
        public void close() {}
    }
}
