package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.OtherPartition;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The world around a task: topics with positions, two instances that have it in turn, a provider whose calls end one way or
 * another, another partition that wants permits, commits, rollbacks, kills and moves. Calls die with the process that made
 * them, and with nothing else: those of an instance that lost the task go on, and may end when the next owner has long
 * repeated them. What is on a topic is read when its turn comes, after a start too.
 */
final class Simulation implements AutoCloseable {

    private static final StepBudget STEP = new StepBudget(25, 16 << 10, Duration.ofSeconds(1));

    /** Rows and records that one record or one share of a step comes to at most. */
    private static final int WRITES = 12;

    /** How often its bytes are written at most, and what is written beside them. */
    private static final int COPIES = 5;

    private static final int QUESTIONS = 6;
    private static final Duration TICK = Duration.ofSeconds(1);

    /** A request ends so long after its deadline at the latest, if the topics are read all the time. */
    private static final Duration LATEST = Duration.ofSeconds(35);

    /** A call under way. */
    private record Flight(Launch launch, TestInstance by, int tenure) {}

    /**
     * An answer on the topic.
     *
     * @param offset where
     * @param inTime whether it was written before its call could be in doubt
     */
    private record Answer(int number, int offset, boolean inTime) {}

    private final Random random;
    private final WireCodec codec = new WireCodec();
    private final String[] sets;
    private final TestPipeline pipeline;
    private final Exposure exposure = new Exposure();
    private final SimulatedRequests requests;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Flight> inFlight = new ArrayList<>();
    private final Map<String, List<Answer>> answers = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> charged = new HashSet<>();
    private final Map<TestInstance, OtherPartition> others = new HashMap<>();
    private TestInstance standby;
    private int outcomesRead;
    private int outcomesCommitted;
    private int outcomesAtStart;
    private int tenure;
    private int runs = 2;
    private boolean moved;

    /**
     * @param caching whether identical questions of different requests share answers
     * @param more settings of the pipeline
     */
    Simulation(long seed, boolean caching, String... more) {
        this(seed, caching, 3, more);
    }

    Simulation(long seed, boolean caching, int permits, String... more) {
        this.random = new Random(seed);
        List<String> all = new ArrayList<>(
                List.of("dispatch.permits=" + permits, "dispatch.in_doubt.max_lost=100", "cache.enabled=" + caching));
        all.addAll(List.of(more));
        this.sets = all.toArray(String[]::new);
        this.pipeline = new TestPipeline(STEP, sets);
        this.requests = new SimulatedRequests(random, caching ? QUESTIONS : 1);
        this.standby = newRun("node-2");
        pipeline.readsAsTold();
    }

    Exposure exposure() {
        return exposure;
    }

    TestPipeline pipeline() {
        return pipeline;
    }

    void step() throws Exception {
        switch (random.nextInt(25)) {
            case 0, 1, 2, 3 -> requests.send();
            case 4, 5, 6, 7 -> readRequest();
            case 8, 9, 10 -> endCall(random.nextInt(3) == 0 ? anyKind() : Outcome.Kind.ANSWERED);
            case 11, 12, 13 -> readOutcome();
            case 14, 15, 16, 17 -> commit();
            case 18, 19 -> pipeline.advance(Duration.ofMillis(random.nextInt(3_000)));
            case 20, 21 -> otherPartition();
            case 22 -> rollBack();
            case 23 -> changeOwner();
            default -> seldom();
        }
    }

    private void seldom() throws Exception {
        switch (random.nextInt(6)) {
            case 0, 1 -> pipeline.advance(Duration.ofSeconds(random.nextInt(150)));
            case 2 -> runSmoothly();
            default -> killStandby();
        }
    }

    private void changeOwner() throws Exception {
        switch (random.nextInt(4)) {
            case 0 -> kill();
            case 1 -> killAndMove();
            case 2 -> moveAfterCommit();
            default -> moveAtOnce();
        }
    }

    /** Lets everything come to its end, and says whether it did within the rounds given. */
    boolean settleWithin(int rounds) throws Exception {
        others.forEach((instance, other) -> other.wakesWith(0));
        for (int round = 0; round < rounds; round++) {
            while (!inFlight.isEmpty()) {
                endCall(Outcome.Kind.ANSWERED);
            }
            readAll();
            pipeline.advance(TICK);
            commit();
            if (inFlight.isEmpty() && requests.haveAllEnded() && outcomesRead == outcomes.size()) {
                return true;
            }
        }
        return false;
    }

    void check() {
        requests.assertAllEndedOnce();
        assertThat(charged).as("answers that were charged").isEqualTo(answered);
        assertThat(pipeline.stores().size("calls")).as("calls in the store").isZero();
        for (TestInstance instance : List.of(pipeline.instance(), standby)) {
            assertThat(instance.permits().inUse()).as("permits in use").isZero();
            assertThat(instance.permits().free())
                    .as("permits that are free")
                    .isEqualTo(instance.permits().capacity());
        }
        if (!moved) {
            assertThat(pipeline.held()).as("calls that the runner holds").isZero();
        }
        pipeline.advance(Duration.ofHours(24).plusSeconds(20));
        for (int step = 0; step < 100; step++) {
            pipeline.commit();
            pipeline.advance(TICK);
        }
        assertThat(pipeline.stores().size("cache"))
                .as("answers, flights and followers in the store")
                .isZero();
        assertThat(pipeline.cache().entries).as("entries on the account").isZero();
        assertThat(pipeline.cache().bytes).as("bytes on the account").isZero();
    }

    /** How many requests were answered from the cache, or by a call that they shared. */
    int shared() {
        return requests.shared();
    }

    /** The topics are read, written and committed all the time, so that deadlines hold. */
    private void runSmoothly() throws Exception {
        readAll();
        Instant since = pipeline.now();
        while (pipeline.now().isBefore(since.plus(LATEST).plusSeconds(20))) {
            endOverdueCalls();
            readAll();
            pipeline.advance(TICK);
            commit();
            requests.assertNoneIsLate(since, pipeline.now().minus(LATEST));
        }
    }

    /** No attempt outlasts the deadline of its request. */
    private void endOverdueCalls() {
        for (Flight flight : List.copyOf(inFlight)) {
            if (!flight.launch().ticket().deadline().isAfter(pipeline.now())) {
                inFlight.remove(flight);
                end(flight, anyKind());
            }
        }
    }

    private void readAll() {
        pipeline.noteEnds(outcomes.size());
        while (outcomesRead < outcomes.size()) {
            readOutcome();
        }
        pipeline.hasRead(outcomesRead);
        while (requests.areLeft() && pipeline.valve().isOpen(0)) {
            readRequest();
        }
    }

    private void readRequest() {
        if (requests.areLeft() && pipeline.valve().isOpen(0)) {
            pipeline.sendRerouted(requests.read(pipeline.now()));
        }
    }

    private void readOutcome() {
        if (random.nextInt(4) > 0) {
            pipeline.noteEnds(outcomes.size());
        }
        if (outcomesRead < outcomes.size()) {
            pipeline.deliver(outcomes.get(outcomesRead++));
        }
        pipeline.hasRead(outcomesRead);
    }

    private void endCall(Outcome.Kind kind) {
        if (!inFlight.isEmpty()) {
            end(inFlight.remove(random.nextInt(inFlight.size())), kind);
        }
    }

    private void end(Flight flight, Outcome.Kind kind) {
        Launch launch = flight.launch();
        flight.by().endCall(launch);
        Outcome outcome = outcome(launch, kind);
        if (kind == Outcome.Kind.ANSWERED) {
            answered.add(launch.ticket().id() + "#" + launch.number());
            boolean inTime = pipeline.now()
                    .isBefore(launch.state()
                            .leaseUntil()
                            .plus(pipeline.instance().config().dispatch().leaseSkew()));
            answers.computeIfAbsent(launch.ticket().id().toString(), any -> new ArrayList<>())
                    .add(new Answer(launch.number(), outcomes.size(), inTime));
        }
        exposure.ended(outcome);
        outcomes.add(outcome);
    }

    private Outcome outcome(Launch launch, Outcome.Kind kind) {
        return switch (kind) {
            case ANSWERED -> answer(launch);
            case FAILED -> failed(launch);
            case PARKED ->
                OutcomeFixtures.parked(
                        launch,
                        DeadLetterCode.PROVIDER_THROTTLED,
                        pipeline.now().plusMillis(random.nextInt(8_000)));
            case NOT_SENT, LOST -> OutcomeFixtures.ended(launch, kind);
        };
    }

    private Outcome answer(Launch launch) {
        String text = SimulatedRequests.answerTo(launch.request().body());
        return random.nextInt(8) == 0 ? OutcomeFixtures.cut(launch, text) : OutcomeFixtures.completed(launch, text);
    }

    private Outcome failed(Launch launch) {
        return random.nextBoolean()
                ? OutcomeFixtures.failed(launch, DeadLetterCode.PROVIDER_UNAVAILABLE, false)
                : OutcomeFixtures.failed(
                        launch, FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, random.nextBoolean());
    }

    private Outcome.Kind anyKind() {
        Outcome.Kind[] kinds = Outcome.Kind.values();
        return kinds[random.nextInt(kinds.length)];
    }

    /** Another partition of the instance wants permits; it gets at least those that a tenant at its cap cannot use. */
    private void otherPartition() {
        TestInstance instance = pipeline.instance();
        int capacity = instance.permits().capacity();
        int calls = random.nextInt(capacity + 1);
        int got = others.computeIfAbsent(instance, any -> new OtherPartition(any.permits(), 1))
                .wakesWith(calls);
        int cap = instance.config().dispatch().tenantMaxInFlight();
        if (cap > 0) {
            long earlier = inFlight.stream()
                    .filter(flight -> flight.by().equals(instance) && flight.tenure() != tenure)
                    .count();
            assertThat(got)
                    .as("permits of another partition that wants %d", calls)
                    .isGreaterThanOrEqualTo((int) Math.min(calls, capacity - cap - earlier));
        }
    }

    void commit() throws Exception {
        pipeline.commit();
        requests.committed();
        outcomesCommitted = outcomesRead;
        for (TestRecord<byte[], byte[]> result : pipeline.results()) {
            requests.ended(codec.readResult(result.value()));
        }
        for (TestRecord<byte[], byte[]> letter : pipeline.deadLetters()) {
            requests.ended(letter);
        }
        for (TestRecord<byte[], byte[]> usage : pipeline.usage()) {
            charged(codec.readUsageEvent(usage.value()));
        }
        for (Launch launch : pipeline.takeLaunched()) {
            launched(launch);
        }
        pipeline.work().takeEnded().forEach(Simulation::assertBounded);
    }

    private void charged(UsageEvent event) {
        exposure.charged(event);
        if (event.status() != UsageEvent.Status.UNKNOWN
                && event.usage() != null
                && event.usage().totalTokens() > 0) {
            assertThat(charged.add(event.eventId()))
                    .as("charged once: %s", event.eventId())
                    .isTrue();
        }
    }

    private void launched(Launch launch) {
        String call = launch.ticket().id().toString();
        assertThat(outcomesRead)
                .as(
                        "outcomes that were read when %s left; when the task started, there were %d",
                        launch, outcomesAtStart)
                .isGreaterThanOrEqualTo(outcomesAtStart);
        assertThat(answers.getOrDefault(call, List.of()))
                .as("answers on the topic that %s leaves in spite of", launch)
                .noneMatch(answer ->
                        answer.number() < launch.number() && (answer.inTime() || answer.offset() < outcomesAtStart));
        exposure.launched(launch);
        inFlight.add(new Flight(launch, pipeline.instance(), tenure));
    }

    private static void assertBounded(TransactionWork.Carried carried) {
        assertThat(carried.written())
                .as("rows and records written: %s", carried)
                .isLessThanOrEqualTo(WRITES * (carried.read() + STEP.records()));
        assertThat(carried.bytesWritten())
                .as("bytes written: %s", carried)
                .isLessThanOrEqualTo(COPIES * (carried.bytesRead() + STEP.bytes()));
    }

    private void rollBack() {
        pipeline.abortAndRevive();
        starts();
    }

    /** The process dies; its instance comes back first. */
    private void kill() {
        forget(pipeline.instance());
        pipeline.moveTo(newRun(pipeline.instance().owner().instance()));
        starts();
    }

    /** The process dies; the other instance takes over. */
    private void killAndMove() throws Exception {
        TestInstance dead = pipeline.instance();
        forget(dead);
        pipeline.moveTo(standby);
        standby = newRun(dead.owner().instance());
        moved = true;
        starts();
        if (random.nextInt(3) == 0) {
            runSmoothly();
        }
    }

    private void moveAfterCommit() throws Exception {
        commit();
        moveAtOnce();
    }

    /** The task is taken away in the middle of a transaction. */
    private void moveAtOnce() {
        TestInstance before = pipeline.instance();
        pipeline.abort();
        pipeline.moveTo(standby);
        standby = before;
        moved = true;
        starts();
    }

    private void killStandby() {
        forget(standby);
        standby = newRun(standby.owner().instance());
    }

    private void forget(TestInstance dead) {
        inFlight.removeIf(flight -> flight.by().equals(dead));
        others.remove(dead);
    }

    private TestInstance newRun(String instance) {
        return pipeline.newInstance(new Owner(instance, "run-" + ++runs), sets);
    }

    private void starts() {
        tenure++;
        requests.startAgain();
        outcomesRead = outcomesCommitted;
        outcomesAtStart = outcomes.size();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
