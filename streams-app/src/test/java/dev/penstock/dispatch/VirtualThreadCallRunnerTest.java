package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualThreadCallRunnerTest {

    private static final PenstockConfig CONFIG = PenstockConfig.defaults();
    private static final int PARTITION = 3;
    private static final int OTHER = 4;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration NO_GRACE = Duration.ofMillis(1);

    private final Permits permits = new Permits(4);
    private final List<Outcome> published = new CopyOnWriteArrayList<>();
    private OutcomePublisher publisher = (partition, outcome, receipt) -> {
        published.add(outcome);
        receipt.written();
    };
    private Instant now = Calls.NOW;
    private Targets targets = RunnerFixtures.targets(
            CONFIG, target -> new ScriptedProvider(call -> ScriptedProvider.answer()), () -> now);

    @Test
    void shouldPublishTheAnswerWithAllThatSettlingNeeds() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));

        // When
        run(runner, launch(1, 7, PARTITION));

        // Then
        Outcome outcome = onlyOutcome();
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(outcome.requestId()).isEqualTo("llm.requests-0-1");
        assertThat(outcome.attempt()).isEqualTo(7);
        assertThat(outcome.tenant()).isEqualTo("acme");
        assertThat(outcome.owner()).isEqualTo(Calls.SELF.toString());
        assertThat(outcome.model()).isEqualTo("m-1");
        assertThat(outcome.usage()).isEqualTo(new TokenUsage(1, 2, 0, 0));
        assertAllReturned();
    }

    @Test
    void shouldPublishAFailureOfTheProvider() {
        // Given
        ProviderReply.Failed failed = new ProviderReply.Failed(
                FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_SERVER_ERROR, 500, true, null, "status 500", null);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> failed));

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.FAILED);
        assertAllReturned();
    }

    @Test
    void shouldTakeAnExceptionForACallThatMayHaveBeenBilledAndNotQuoteIt() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            throw new IllegalStateException("my secret prompt");
        }));

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        Outcome.Failure failure = failureOf(onlyOutcome());
        assertThat(failure.possiblyBilled()).isTrue();
        assertThat(failure.detail()).contains("IllegalStateException").doesNotContain("secret");
        assertAllReturned();
    }

    @Test
    void shouldPublishAnOutcomeEvenIfTheProviderEndsInAnError() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            throw new StackOverflowError();
        }));

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(failureOf(onlyOutcome()).possiblyBilled()).isTrue();
        assertAllReturned();
    }

    @Test
    void shouldPublishOneOutcomeForEveryStatusCode() throws Exception {
        for (int status = 100; status <= 999; status++) {
            // Given
            published.clear();
            ProviderReply.Failed odd = new ProviderReply.Failed(
                    FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER, status, true, null, "odd", null);
            VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> odd));

            // When
            start(runner, launch(1, 1, PARTITION));
            assertThat(runner.awaitIdle(GRACE)).isTrue();

            // Then
            assertThat(failureOf(onlyOutcome()).statusCode()).isBetween(100, 599);
            assertAllReturned();
        }
    }

    @Test
    void shouldPublishAnOutcomeWhenTheFirstOneCannotBeHandedOver() {
        // Given
        boolean[] refused = new boolean[1];
        publisher = (partition, outcome, receipt) -> {
            if (!refused[0]) {
                refused[0] = true;
                throw new OutOfMemoryError();
            }
            published.add(outcome);
            receipt.written();
        };
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(failureOf(onlyOutcome()).possiblyBilled()).isTrue();
        assertAllReturned();
    }

    @Test
    void shouldHoldThePermitsOfOutcomesThatAreNotDurable() {
        // Given
        List<OutcomePublisher.Receipt> unwritten = new CopyOnWriteArrayList<>();
        publisher = (partition, outcome, receipt) -> unwritten.add(receipt);
        ScriptedProvider provider = new ScriptedProvider(call -> ScriptedProvider.answer());
        VirtualThreadCallRunner runner = runner(provider);

        // When
        int made = 0;
        while (permits.tryAcquire(PARTITION)) {
            Launch launch = launch(made++, 1, PARTITION);
            runner.prepare(launch);
            runner.launch(launch);
            await().until(() -> runner.inFlight() == 0);
        }

        // Then
        assertThat(provider.calls()).isEqualTo(permits.capacity());
        assertThat(permits.inUse()).isEqualTo(permits.capacity());
        assertThat(runner.runs(Calls.id(0), 1))
                .as("not in doubt: its outcome is on its way")
                .isTrue();
        unwritten.forEach(OutcomePublisher.Receipt::written);
        assertThat(permits.inUse()).isZero();
        assertThat(runner.runs(Calls.id(0), 1)).isFalse();
    }

    @Test
    void shouldReturnThePermitOnceThoughHandingOverFailsWhenTheOutcomeIsOnItsWay() {
        // Given
        List<OutcomePublisher.Receipt> unwritten = new CopyOnWriteArrayList<>();
        publisher = (partition, outcome, receipt) -> {
            unwritten.add(receipt);
            if (unwritten.size() == 1) {
                throw new OutOfMemoryError();
            }
        };
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        permits.tryAcquire(PARTITION);

        // When
        run(runner, launch(1, 1, PARTITION));
        unwritten.forEach(OutcomePublisher.Receipt::written);

        // Then
        assertThat(unwritten).hasSize(2);
        assertThat(permits.inUse()).as("of two, one was returned").isEqualTo(1);
    }

    @Test
    void shouldReturnThePermitOfALaunchWhoseOutcomeCannotBeHandedOverAtAll() {
        // Given
        publisher = (partition, outcome, receipt) -> {
            throw new OutOfMemoryError();
        };
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(permits.inUse()).isZero();
        assertThat(runner.runs(Calls.id(1), 1))
                .as("nobody works on it: it will be in doubt")
                .isFalse();
    }

    @Test
    void shouldNotSendForATaskThatHasLeft() {
        // Given
        ScriptedProvider provider = new ScriptedProvider(call -> ScriptedProvider.answer());
        VirtualThreadCallRunner runner = runner(provider);
        runner.revoked(PARTITION);

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.NOT_SENT);
        assertThat(onlyOutcome().attempts()).isEmpty();
        assertThat(provider.calls()).isZero();
        assertAllReturned();
    }

    @Test
    void shouldSendUpToItsStartTimeAndNotAtIt() {
        // Given
        ScriptedProvider provider = new ScriptedProvider(call -> ScriptedProvider.answer());
        VirtualThreadCallRunner runner = runner(provider);
        Launch first = launch(1, 1, PARTITION);
        Launch second = launch(2, 1, PARTITION);

        // When
        now = first.startBy().minusMillis(1);
        run(runner, first);
        now = second.startBy();
        run(runner, second);

        // Then
        assertThat(published).extracting(Outcome::kind).containsExactly(Outcome.Kind.ANSWERED, Outcome.Kind.NOT_SENT);
        assertThat(provider.calls()).isEqualTo(1);
        assertAllReturned();
    }

    @Test
    void shouldStartNoCallWhileDraining() throws Exception {
        // Given
        ScriptedProvider provider = new ScriptedProvider(call -> ScriptedProvider.answer());
        VirtualThreadCallRunner runner = runner(provider);
        runner.drain(GRACE);

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.NOT_SENT);
        assertThat(provider.calls()).isZero();
    }

    @Test
    void shouldStartNoCallOnceClosed() {
        // Given
        ScriptedProvider provider = new ScriptedProvider(call -> ScriptedProvider.answer());
        VirtualThreadCallRunner runner = runner(provider);
        runner.close();

        // When
        run(runner, launch(1, 1, PARTITION));

        // Then
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.NOT_SENT);
        assertThat(provider.calls()).isZero();
        assertAllReturned();
    }

    @Test
    void shouldLetRunningCallsEndWithinTheGraceTime() throws Exception {
        // Given
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            called.countDown();
            answer.await();
            return ScriptedProvider.answer();
        }));
        start(runner, launch(1, 1, PARTITION));
        called.await();

        // When
        Thread drain = Thread.startVirtualThread(() -> drain(runner, GRACE));
        answer.countDown();
        drain.join();

        // Then
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(runner.inFlight()).isZero();
        assertAllReturned();
    }

    @Test
    void shouldGiveUpAsLostWhatOutlastsTheGraceTime() throws Exception {
        // Given
        CountDownLatch called = new CountDownLatch(2);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            called.countDown();
            new CountDownLatch(1).await();
            return ScriptedProvider.answer();
        }));
        start(runner, launch(1, 1, PARTITION));
        start(runner, launch(2, 1, PARTITION));
        called.await();

        // When
        runner.drain(NO_GRACE);

        // Then
        assertThat(published).extracting(Outcome::kind).containsExactly(Outcome.Kind.LOST, Outcome.Kind.LOST);
        assertThat(runner.inFlight()).isZero();
        assertAllReturned();
    }

    @Test
    void shouldNotInterruptTheWritingOfAnAnswerThatWasPaidFor() throws Exception {
        // Given
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch mayWrite = new CountDownLatch(1);
        publisher = (partition, outcome, receipt) -> {
            writing.countDown();
            try {
                mayWrite.await();
                published.add(outcome);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while writing, as a Kafka producer would be", e);
            }
        };
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        start(runner, launch(1, 1, PARTITION));
        writing.await();

        // When
        runner.close();
        mayWrite.countDown();

        // Then
        await().until(() -> runner.inFlight() == 0);
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.ANSWERED);
    }

    @Test
    void shouldDrainWhateverIsLaunchedMeanwhile() throws Exception {
        for (int round = 0; round < 200; round++) {
            // Given
            VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
            published.clear();
            int launches = 4;
            Thread streamThread = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < launches; i++) {
                    start(runner, launch(i, 1, PARTITION));
                }
            });

            // When
            runner.drain(GRACE);
            streamThread.join();
            runner.drain(GRACE);

            // Then
            assertThat(published).hasSize(launches);
            assertAllReturned();
        }
    }

    @Test
    void shouldHoldACallUntilItIsSettled() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launch launch = launch(1, 2, PARTITION);

        // When
        run(runner, launch);

        // Then
        assertThat(runner.holds(Calls.id(1), 2)).isTrue();
        assertThat(runner.holds(Calls.id(1), 1)).isFalse();
        runner.settled(Calls.id(1), 2);
        assertThat(runner.holds(Calls.id(1), 2)).isFalse();
    }

    @Test
    void shouldForgetAndReturnThePermitOfALaunchThatIsWithdrawn() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launch launch = launch(1, 1, PARTITION);
        permits.tryAcquire(PARTITION);
        runner.prepare(launch);

        // When
        runner.withdraw(launch);

        // Then
        assertThat(runner.holds(Calls.id(1), 1)).isFalse();
        assertAllReturned();
        assertThat(published).isEmpty();
    }

    @Test
    void shouldForgetWhatIsWrittenWhenItsTaskLeaves() {
        // Given
        List<OutcomePublisher.Receipt> unwritten = new CopyOnWriteArrayList<>();
        publisher = (partition, outcome, receipt) -> unwritten.add(receipt);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        run(runner, launch(1, 1, PARTITION));
        run(runner, launch(2, 1, PARTITION));
        run(runner, launch(3, 1, PARTITION));
        unwritten.getFirst().written();

        // When
        runner.revoked(PARTITION);

        // Then
        assertThat(runner.holds(Calls.id(1), 1))
                .as("its outcome is on the topic")
                .isFalse();
        assertThat(runner.holds(Calls.id(2), 1)).as("its outcome is on its way").isTrue();
        assertThat(runner.runs(Calls.id(2), 1)).isTrue();
        unwritten.get(1).written();
        assertThat(runner.holds(Calls.id(2), 1)).isFalse();
        unwritten.get(2).failed();
        assertThat(runner.holds(Calls.id(3), 1))
                .as("no outcome of it will come: not taken for one that never left")
                .isTrue();
        assertAllReturned();
    }

    @Test
    void shouldForgetALaunchWithoutAnOutcomeLongAfterItsDeadlineAndSayThatItMayHaveLeft() {
        // Given
        publisher = (partition, outcome, receipt) -> receipt.failed();
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launch launch = launch(1, 1, PARTITION);
        run(runner, launch);
        runner.revoked(PARTITION);
        Instant deadline = launch.ticket().deadline();

        // When
        now = deadline.plus(Duration.ofHours(1));
        runner.revoked(OTHER);
        boolean before = runner.holds(Calls.id(1), 1);
        boolean tooEarly = runner.hasForgotten(deadline);
        now = now.plusMillis(1);
        runner.revoked(OTHER);

        // Then
        assertThat(before).isTrue();
        assertThat(tooEarly).isFalse();
        assertThat(runner.heldLaunches()).isZero();
        assertThat(runner.hasForgotten(deadline)).isTrue();
        assertThat(runner.hasForgotten(deadline.plusMillis(1))).isFalse();
        assertAllReturned();
    }

    @Test
    void shouldForgetNoLaunchWithoutAnOutcomeOfATaskThatIsHere() {
        // Given
        publisher = (partition, outcome, receipt) -> receipt.failed();
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launch launch = launch(1, 1, PARTITION);
        run(runner, launch);

        // When
        now = launch.ticket().deadline().plus(Duration.ofDays(1));
        runner.assigned(OTHER);
        runner.revoked(OTHER);

        // Then
        assertThat(runner.holds(Calls.id(1), 1)).isTrue();
        runner.settled(Calls.id(1), 1);
        assertThat(runner.heldLaunches()).isZero();
    }

    @Test
    void shouldReturnThePermitOfALaunchThatIsWithdrawnThoughItsPlaceCannotBeGivenBack() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launch launch = prepared(runner);
        launch.lease().cancel();

        // When
        assertThatThrownBy(() -> runner.withdraw(launch)).isInstanceOf(IllegalStateException.class);

        // Then
        assertThat(runner.heldLaunches()).isZero();
        assertAllReturned();
    }

    @Test
    void shouldHoldNothingThatNoTransactionTakes() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));
        Launches launches = new Launches(runner, new NoTransactions());
        Launch launch = launch(1, 1, PARTITION);

        // When
        assertThatThrownBy(() -> launches.launchAfterCommit(launch)).isInstanceOf(IllegalStateException.class);

        // Then
        assertThat(runner.heldLaunches()).isZero();
    }

    private static final class NoTransactions implements Transactions {

        @Override
        public void afterCommit(PostCommit action) {
            throw new IllegalStateException("no producer");
        }

        @Override
        public boolean claim(ProcessorContext<?, ?> context, String work, long bytes) {
            return true;
        }
    }

    @Test
    void shouldHoldNothingOfTasksThatComeAndGo() {
        // Given
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> ScriptedProvider.answer()));

        // When
        for (int move = 0; move < 50; move++) {
            runner.assigned(PARTITION);
            run(runner, launch(move, 1, PARTITION));
            runner.revoked(PARTITION);
        }

        // Then
        assertThat(runner.heldLaunches()).isZero();
    }

    @Test
    void shouldKeepTheLaunchOfTheThreadThatTookOverWhenTheOtherIsRolledBack() {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            answer.await();
            return ScriptedProvider.answer();
        }));
        Launch first = prepared(runner);
        Launch second = prepared(runner);
        runner.launch(second);

        // When
        runner.withdraw(first);

        // Then
        assertThat(runner.holds(Calls.id(1), 1)).as("the second's").isTrue();
        assertThat(runner.runs(Calls.id(1), 1)).isTrue();
        assertThat(permits.inUse()).isEqualTo(1);
        answer.countDown();
        await().until(() -> runner.inFlight() == 0);
        assertThat(onlyOutcome().kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertAllReturned();
    }

    private Launch prepared(VirtualThreadCallRunner runner) {
        assertThat(permits.tryAcquire(PARTITION)).isTrue();
        Launch launch = launch(1, 1, PARTITION);
        runner.prepare(launch);
        return launch;
    }

    @Test
    void shouldReturnThePermitOfEveryLaunchWhenTheProcessEnds() throws Exception {
        // Given
        List<OutcomePublisher.Receipt> unwritten = new CopyOnWriteArrayList<>();
        publisher = (partition, outcome, receipt) -> unwritten.add(receipt);
        CountDownLatch called = new CountDownLatch(1);
        VirtualThreadCallRunner runner = runner(new ScriptedProvider(call -> {
            called.countDown();
            new CountDownLatch(1).await();
            return ScriptedProvider.answer();
        }));
        start(runner, launch(1, 1, PARTITION));
        called.await();
        Launch rolledBack = launch(2, 1, PARTITION);
        assertThat(permits.tryAcquire(PARTITION)).isTrue();
        runner.prepare(rolledBack);

        // When
        runner.drain(NO_GRACE);
        run(runner, launch(3, 1, PARTITION));
        runner.withdraw(rolledBack);
        unwritten.getFirst().written();
        unwritten.get(1).failed();

        // Then
        assertThat(unwritten).as("cut short, and not sent").hasSize(2);
        assertAllReturned();
        assertThat(runner.unwritten().count()).isZero();
    }

    private VirtualThreadCallRunner runner(ScriptedProvider provider) {
        targets = RunnerFixtures.targets(CONFIG, target -> provider, () -> now);
        VirtualThreadCallRunner runner = RunnerFixtures.runner(CONFIG, targets, publisher, permits, () -> now);
        runner.assigned(PARTITION);
        return runner;
    }

    private Launch launch(long offset, int number, int partition) {
        return Calls.launch(offset, number, partition, RunnerFixtures.lease(targets, "openai", now));
    }

    private void run(VirtualThreadCallRunner runner, Launch launch) {
        start(runner, launch);
        await().until(() -> runner.inFlight() == 0);
    }

    private void start(VirtualThreadCallRunner runner, Launch launch) {
        assertThat(permits.tryAcquire(launch.partition())).isTrue();
        runner.prepare(launch);
        runner.launch(launch);
    }

    private static void drain(VirtualThreadCallRunner runner, Duration grace) {
        try {
            runner.drain(grace);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertAllReturned() {
        assertThat(permits.inUse()).isZero();
    }

    private Outcome onlyOutcome() {
        assertThat(published).hasSize(1);
        return published.getFirst();
    }

    private static Outcome.Failure failureOf(Outcome outcome) {
        Outcome.Failure failure = outcome.failure();
        if (failure == null) {
            throw new AssertionError("outcome: " + outcome.kind() + " (expected: FAILED)");
        }
        return failure;
    }
}
