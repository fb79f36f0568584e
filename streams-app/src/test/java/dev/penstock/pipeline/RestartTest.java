package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.ended;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What another run, or the same run with a revived task, makes of what it finds. */
class RestartTest {

    private static final Owner NEXT_RUN = new Owner("node-1", "run-3");
    private static final Owner OTHER_INSTANCE = new Owner("node-2", "run-1");

    private final TestPipeline pipeline =
            new TestPipeline("dispatch.start_within=10s", "dispatch.lease_skew=30s", "provider.timeout=60s");

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldCallAgainAtOnceWhatItsOwnEarlierRunLeftAndChargeTheLostCall() throws Exception {
        // Given
        launched("");
        pipeline.restart(NEXT_RUN);

        // When
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
        UsageEvent lost = new WireCodec().readUsageEvent(only(pipeline.usage()).value());
        assertThat(lost.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(lost.attempt()).isEqualTo(1);
    }

    @Test
    void shouldCallNobodyBeforeItHasReadTheOutcomesThatWereThere() {
        // Given
        Launch launch = launched("");
        pipeline.restart(NEXT_RUN);

        // When
        pipeline.advance(Duration.ofSeconds(5));
        pipeline.deliver(answered(launch, "hi"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(5));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldWaitOutTheLeaseOfAnotherInstanceToTheMillisecond() {
        // Given
        launched("");
        pipeline.restart(OTHER_INSTANCE);
        pipeline.caughtUp();

        // When: 10 s to start, 60 s for an attempt, three waits of 5 s, and 30 s between clocks
        pipeline.advance(Duration.ofSeconds(115).minusMillis(1));
        pipeline.commit();
        int before = pipeline.takeLaunched().size();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();
        int unread = pipeline.takeLaunched().size();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then: once what stands on the topic by then has been read
        assertThat(before).isZero();
        assertThat(unread).isZero();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldNotRepeatACallWhoseOutcomeStandsUnreadOnTheTopicWhenItsLeaseIsOver() {
        // Given
        Launch launch = launched("");
        pipeline.restart(OTHER_INSTANCE);
        pipeline.caughtUp();
        pipeline.readsAgain(false);

        // When
        pipeline.advance(Duration.ofMinutes(3));
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.deliver(answered(launch, "hi"));
        pipeline.readAgain();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldEndARequestSoonAfterItsDeadlineThoughItsInstanceDied() {
        // Given
        launched(",\"timeout_ms\":1000");
        pipeline.restart(OTHER_INSTANCE);
        pipeline.caughtUp();

        // When
        int seconds = 0;
        while (pipeline.deadLetters().isEmpty() && seconds < 200) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
            seconds++;
        }

        // Then
        assertThat(seconds).isLessThanOrEqualTo(36);
    }

    @Test
    void shouldDoubtACallOfItsOwnThatNothingRunsAnyMore() {
        // Given
        Launch launch = launched(",\"timeout_ms\":60000");
        pipeline.endCall(launch);

        // When
        pipeline.advance(Duration.ofSeconds(91));
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
        assertThat(pipeline.held()).isZero();
    }

    @Test
    void shouldEndARequestOfWhichNoOutcomeEverComes() {
        // Given
        Launch launch = launched(",\"timeout_ms\":60000");

        // When: what runs the call ends, and publishes nothing
        pipeline.endCall(launch);
        for (int hour = 0; hour < 48; hour++) {
            pipeline.advance(Duration.ofHours(1));
            pipeline.commit();
        }

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
        assertThat(pipeline.results()).isEmpty();
        assertThat(pipeline.stores().size("calls")).isZero();
    }

    @Test
    void shouldNotDoubtACallOfItsOwnThatStillRuns() {
        // Given
        Launch launch = launched("");

        // When
        for (int i = 0; i < 10; i++) {
            pipeline.advance(Duration.ofMinutes(1));
            pipeline.commit();
        }
        int repeated = pipeline.takeLaunched().size();
        pipeline.deliver(answered(launch, "hi"));

        // Then
        assertThat(repeated).isZero();
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldSettleTheOutcomeOfAnotherInstanceThatArrivesWithinTheLease() {
        // Given
        Launch launch = launched("");
        pipeline.restart(OTHER_INSTANCE);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(50));

        // When
        pipeline.deliver(answered(launch, "hi"));
        pipeline.advance(Duration.ofMinutes(1));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldEndWhatIsInDoubtIfAskedToRatherThanPayTwice() {
        // Given
        launched(",\"in_doubt\":\"fail\"");
        pipeline.restart(NEXT_RUN);

        // When
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.in_doubt");
    }

    @Test
    void shouldEndWhatKeepsBeingLost() {
        // Given
        pipeline.send("acme", request("a-1", ",\"timeout_ms\":3600000"));
        pipeline.commit();

        // When
        int lost = 0;
        int charged = 0;
        List<TestRecord<byte[], byte[]>> letters = List.of();
        while (letters.isEmpty() && lost < 20) {
            assertThat(pipeline.takeLaunched()).hasSize(1);
            lose("run-x" + lost);
            lost++;
            charged += pipeline.usage().size();
            letters = pipeline.deadLetters();
        }

        // Then
        assertThat(lost).isEqualTo(10);
        TestRecord<byte[], byte[]> letter = Requests.only(letters);
        assertThat(Requests.header(letter, "llm.dlq.code")).isEqualTo("dispatch.lost");
        assertThat(Requests.header(letter, "llm.dlq.retryable")).isEqualTo("true");
        assertThat(Requests.header(letter, "llm.dlq.attempts")).isEqualTo("10");
        assertThat(Requests.header(letter, "llm.dlq.detail"))
                .isEqualTo("calls lost: 10; no further attempt is allowed (dispatch.in_doubt.max_lost: 10)");
        assertThat(pipeline.stores().size("calls")).isZero();
        assertThat(charged).as("each may cost").isEqualTo(10);
    }

    @Test
    void shouldSayThatNoFurtherAttemptIsAllowed() {
        // Given
        String[] once = {"retry.max_billed_attempts=1"};
        pipeline.restart(NEXT_RUN, once);
        pipeline.caughtUp();
        launched("");

        // When
        lose("run-4", once);

        // Then
        TestRecord<byte[], byte[]> letter = Requests.only(pipeline.deadLetters());
        assertThat(Requests.header(letter, "llm.dlq.code")).isEqualTo("dispatch.lost");
        assertThat(Requests.header(letter, "llm.dlq.detail"))
                .isEqualTo("calls lost: 1; no further attempt is allowed (retry.max_billed_attempts: 1)");
    }

    /** The instance dies with what it has in flight; its next run repeats that, if it may. */
    private void lose(String run, String... sets) {
        pipeline.restart(new Owner("node-1", run), sets);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();
    }

    @Test
    void shouldGoOnWithWhatWaited() {
        // Given
        pipeline.restart(NEXT_RUN, "dispatch.permits=1");
        pipeline.caughtUp();
        pipeline.send("acme", request("a-1", ""));
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        pipeline.restart(new Owner("node-1", "run-4"));
        pipeline.deliver(answered(first, "hi"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-2");
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldNotDoubtACallOfItsOwnRunWhenTheTaskIsRevived() {
        // Given
        Launch launch = launched("");

        // When
        pipeline.abortAndRevive();
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(200));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.usage()).isEmpty();
        pipeline.deliver(answered(launch, "hi"));
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldChargeACallOfItsOwnRunAsLostThoughItsLaunchIsForgotten() throws Exception {
        // Given
        Launch launch = launched("");
        pipeline.endCall(launch);
        pipeline.instance().runner().forget(launch);

        // When
        pipeline.abortAndRevive();
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(115).minusMillis(1));
        pipeline.commit();
        List<Launch> early = pipeline.takeLaunched();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(early).as("its lease is not over").isEmpty();
        UsageEvent lost = new WireCodec().readUsageEvent(only(pipeline.usage()).value());
        assertThat(lost.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
    }

    /** The commit's answer was lost, and with it the launch; then the target takes no call for a while. */
    @Test
    void shouldNotChargeACallAsLostThatItsOwnRunKnowsNeverLeft() {
        // Given
        String[] slow = {
            "targets.only.model=m-1",
            "targets.only.rpm_limit=1",
            "tiers.simple.chain=only",
            "tiers.medium.chain=only",
            "tiers.complex.chain=only"
        };
        String[] quick = slow.clone();
        quick[1] = "targets.only.rpm_limit=1000";
        pipeline.restart(TestPipeline.SELF, quick);
        pipeline.caughtUp();
        pipeline.send("acme", request("a-1", ""));
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();
        assertThat(pipeline.takeLaunched()).hasSize(2);
        pipeline.restart(TestPipeline.SELF, slow);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();
        assertThat(pipeline.takeLaunched()).hasSize(1);

        // When
        pipeline.restart(OTHER_INSTANCE, quick);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMinutes(3));
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(2);
        assertThat(pipeline.usage()).as("the one that left").hasSize(1);
    }

    /** The outcome of the second call could not be written, and never comes. */
    @Test
    void shouldKeepNoLaunchThatEndedWithoutAnOutcomeWhenALateAnswerEndsTheRequest() {
        // Given
        Launch first = launched("");
        pipeline.restart(NEXT_RUN);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();
        Launch second = pipeline.takeOneLaunched();
        pipeline.instance().runner().ended(second);

        // When
        pipeline.deliver(answered(first, "hi"));
        pipeline.commit();

        // Then
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.instance().runner().held()).isZero();
    }

    @Test
    void shouldLaunchOnceWhatWasRolledBackAndReadAgain() {
        // Given
        pipeline.send("acme", request("a-1", ""));

        // When
        pipeline.abortAndRevive();
        pipeline.caughtUp();
        pipeline.send("acme", request("a-1", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(1);
        assertThat(pipeline.permits().inUse()).isEqualTo(1);
    }

    @Test
    void shouldProcessAnOutcomeAgainWhoseTransactionWasRolledBack() {
        // Given
        Launch launch = launched("");
        pipeline.deliver(ended(launch, Outcome.Kind.NOT_SENT));

        // When
        pipeline.abortAndRevive();
        pipeline.deliver(answered(launch, "hi"));
        pipeline.caughtUp();
        pipeline.commit();

        // Then
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.held()).isZero();
    }

    @Test
    void shouldStillServeWhatWasAdmittedUnderAWiderLimit() {
        // Given
        pipeline.restart(NEXT_RUN, "dispatch.permits=1");
        pipeline.caughtUp();
        pipeline.send("acme", request("a-1", ""));
        pipeline.send("acme", request("a-2", ",\"metadata\":{\"m\":\"" + "x".repeat(5_000) + "\"}"));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        pipeline.restart(new Owner("node-1", "run-4"), "intake.max_bytes=1KiB");
        pipeline.deliver(answered(first, "hi"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-2");
    }

    @Test
    void shouldGoOnWithFollowersThatWereNotSettledYet() {
        // Given
        int followers = StepBudget.USUAL.records() + 20;
        Launch launch = launched("");
        for (int i = 0; i < followers; i++) {
            pipeline.send("acme", request("a-1", ""));
        }
        pipeline.deliver(answered(launch, "hi"));
        pipeline.commit();
        int before = pipeline.results().size();

        // When
        pipeline.restart(NEXT_RUN);
        pipeline.advance(Duration.ofMillis(100));

        // Then
        assertThat(before).isEqualTo(1 + StepBudget.USUAL.records());
        assertThat(pipeline.results()).hasSize(20);
    }

    @Test
    void shouldEndOverdueFollowersAfterARestartToo() {
        // Given
        launched("");
        pipeline.send("acme", request("a-1", ",\"timeout_ms\":1000"));
        pipeline.commit();

        // When
        pipeline.restart(OTHER_INSTANCE);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
    }

    private Launch launched(String more) {
        pipeline.send("acme", request("a-1", more));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }
}
