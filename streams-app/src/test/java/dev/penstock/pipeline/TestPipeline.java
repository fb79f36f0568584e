package dev.penstock.pipeline;

import dev.penstock.batching.Batching;
import dev.penstock.budget.Budgets;
import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
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
import dev.penstock.provider.TargetListener;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import dev.penstock.trimming.Trimmer;
import dev.penstock.work.CallTrace;
import dev.penstock.work.RatioTokenCounter;
import dev.penstock.work.RequestId;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
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
    private final KeptStores stores = new KeptStores();
    private final Topics topics;
    private PenstockConfig config;
    private Owner self = SELF;
    private Instant now = START;
    private SimpleMeterRegistry budgetMeters = new SimpleMeterRegistry();
    private boolean readsAgain = true;
    private final WaitingCounts waiting = new WaitingCounts();
    private Function<ProviderCall, ProviderReply> provider = call -> {
        throw new IllegalStateException("no call is made here");
    };
    private final CacheCounts cacheCounts = new CacheCounts();
    private Targets targets;
    private Permits permits;
    private NotingRunner runner;
    private IntakeValve valve;
    private Outbox outbox;
    private TopologyTestDriver driver;

    TestPipeline(String... sets) {
        this.config = configured(sets);
        this.topics = new Topics(config.topics().prefix());
        this.permits = new Permits(config.dispatch().permits());
        this.targets = targets();
        this.runner = new NotingRunner(permits);
        this.valve = newValve();
        Outboxes outboxes = new Outboxes(() -> 0L, Duration.ofSeconds(1));
        this.outbox = openOutbox(outboxes);
        this.driver = open(outboxes);
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

    private static Targets targets(
            PenstockConfig config, Function<TargetConfig, Provider> providers, InstantSource clock) {
        return new Targets(
                config.targets(),
                config.breaker(),
                providers,
                new SimpleMeterRegistry(),
                clock,
                new NoTargetListener());
    }

    private Targets targets() {
        return targets(config, target -> new TestProvider(), () -> now);
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

    private IntakeValve newValve() {
        return IntakeValve.of(config, topics);
    }

    private static Outbox openOutbox(Outboxes outboxes) {
        return outboxes.openFor(Thread.currentThread().getName() + "-producer");
    }

    private TopologyTestDriver open(Outboxes outboxes) {
        budgetMeters = new SimpleMeterRegistry();
        Budgets budgets = budgets(config, budgetMeters);
        PipelineParts parts = new PipelineParts(
                self,
                InstantSource.fixed(START),
                permits,
                route -> {},
                budgets,
                batching(config, budgets),
                dispatch(config, targets),
                runner,
                outboxes,
                valve,
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
        config = configured(sets);
        self = next;
        permits = new Permits(config.dispatch().permits());
        targets = targets();
        runner = new NotingRunner(permits);
        valve = newValve();
        reopen();
    }

    /** The same, after a time in which nothing ran. */
    void restartAfter(Duration stopped, Owner next, String... sets) {
        now = now.plus(stopped);
        restart(next, sets);
    }

    /** What the instance that runs now says of budgets. */
    SimpleMeterRegistry budgetMeters() {
        return budgetMeters;
    }

    /** Rolls the transaction back and revives the task in the same process, as Streams does after a failed commit. */
    void abortAndRevive() {
        outbox.drop();
        reopen();
    }

    private void reopen() {
        driver.close();
        stores.rollBack();
        Outboxes outboxes = new Outboxes(() -> 0L, Duration.ofSeconds(1));
        outbox = openOutbox(outboxes);
        driver = open(outboxes);
        catchUpTo(Integer.MAX_VALUE);
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
                dispatch(config, targets(config, target -> new NoProvider(), () -> START)),
                new NotingRunner(new Permits(1)),
                new Outboxes(() -> 0L, Duration.ofSeconds(1)),
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

    private void catchUpTo(long end) {
        valve.catchUpTo(Map.of(new TopicPartition(topics.outcomes(), 0), end));
    }

    /** The outcomes that were written before the task started have all been delivered. */
    void caughtUp() {
        CatchUp catchUp = valve.catchUp(new TopicPartition(topics.outcomes(), 0));
        if (catchUp != null) {
            catchUp.positionIs(Integer.MAX_VALUE);
        }
    }

    /** Sends a request record as a user would. */
    void send(@Nullable String key, byte @Nullable [] value) {
        input(topics.requests()).pipeInput(new TestRecord<>(bytes(key), value, now));
    }

    void send(@Nullable String key, String value) {
        send(key, value.getBytes(StandardCharsets.UTF_8));
    }

    void sendRerouted(TestRecord<byte[], byte[]> record) {
        input(topics.rerouted()).pipeInput(record);
    }

    /** Sends a policy or a usage event as the pipeline forwards it from a foreign partition. */
    void sendReroutedControl(TestRecord<byte[], byte[]> record) {
        input(topics.reroutedControl()).pipeInput(record);
    }

    /** Sends a record to the requests topic with headers and a time of its own. */
    void send(TestRecord<byte[], byte[]> record) {
        input(topics.requests()).pipeInput(record);
    }

    void deliver(Outcome outcome) {
        input(topics.outcomes()).pipeInput(new TestRecord<>(bytes(outcome.tenant()), codec.write(outcome), now));
    }

    /** Sends any record to the outcomes topic. */
    void deliver(byte @Nullable [] value) {
        input(topics.outcomes()).pipeInput(new TestRecord<>(bytes("acme"), value, now));
    }

    /** Sends a record to the tenants topic; null deletes the tenant's policy. */
    void govern(String tenant, @Nullable String policy) {
        input(topics.tenants()).pipeInput(new TestRecord<>(bytes(tenant), bytes(policy), now));
    }

    /** Sends a record to the usage topic, as another gateway would. */
    void publishUsage(String tenant, byte[] value) {
        input(topics.usage()).pipeInput(new TestRecord<>(bytes(tenant), value, now));
    }

    /** Sends a record to the usage topic as it stands. */
    void publishUsage(TestRecord<byte[], byte[]> record) {
        input(topics.usage()).pipeInput(record);
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Ends the transaction; what waited for it happens. */
    void commit() {
        stores.commit();
        outbox.release();
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
    }

    /** Whether a task that asks to catch up again has done so by the next wake-up, as where the topics have been read. */
    void readsAgain(boolean does) {
        readsAgain = does;
    }

    /** All outcomes have been delivered that stood on the topic when the task asked to catch up again. */
    void readAgain() {
        if (valve.caughtUp(0) && valve.awaitsEnds(0)) {
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
        return runner.takeLaunched();
    }

    Launch takeOneLaunched() {
        List<Launch> taken = takeLaunched();
        if (taken.size() != 1) {
            throw new AssertionError("launched: " + taken + " (expected: one)");
        }
        return taken.getFirst();
    }

    /** Returns the call's permit, as a runner does before it publishes. */
    void endCall(Launch launch) {
        runner.ended(launch);
        launch.lease().cancel();
        permits.returned(launch.partition());
    }

    boolean holds(RequestId id, int number) {
        return runner.holds(id, number);
    }

    /** Calls that the runner would not take for lost. */
    int held() {
        return runner.held();
    }

    KeptStores stores() {
        return stores;
    }

    IntakeValve valve() {
        return valve;
    }

    Permits permits() {
        return permits;
    }

    WaitingCounts waiting() {
        return waiting;
    }

    CacheCounts cache() {
        return cacheCounts;
    }

    List<TestRecord<byte[], byte[]>> results() {
        return read(topics.results());
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return read(topics.deadLetters());
    }

    List<TestRecord<byte[], byte[]>> usage() {
        return read(topics.usage());
    }

    List<TestRecord<byte[], byte[]>> budgets() {
        return read(topics.budgets());
    }

    List<TestRecord<byte[], byte[]>> alerts() {
        return read(topics.alerts());
    }

    List<TestRecord<byte[], byte[]>> reroutedControlOut() {
        return read(topics.reroutedControl());
    }

    List<TestRecord<byte[], byte[]>> reroutedOut() {
        return read(topics.rerouted());
    }

    private List<TestRecord<byte[], byte[]>> read(String topic) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return driver.createOutputTopic(topic, bytes, bytes).readRecordsToList();
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

    private static final class NoTargetListener implements TargetListener {

        @Override
        public void breaker(String target, String from, String to, Instant at) {}

        @Override
        public void closed(String target, FailureClass why, Instant until, Instant at) {}
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
