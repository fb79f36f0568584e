package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.ended;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request ends without an answer after a call for it was lost: its duplicates know that the call may have been made. */
class LostLeaderTest {

    private static final String SHORT = ",\"timeout_ms\":10000";
    private static final String LONG = ",\"timeout_ms\":1500000";
    private static final String FAIL = ",\"in_doubt\":\"fail\"";

    private static final String[] ONE_LOST = {"dispatch.permits=1", "dispatch.in_doubt.max_lost=1"};
    private static final int FOLLOWERS = 20;

    private TestPipeline pipeline = new TestPipeline("dispatch.permits=1");
    private final List<TestRecord<byte[], byte[]>> letters = new ArrayList<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void reopen(StepBudget budget, String... sets) {
        pipeline.close();
        pipeline = new TestPipeline(budget, sets);
    }

    private void send(String customId, String more) {
        pipeline.send("acme", Requests.request(customId, ",\"idempotency_key\":\"k\"" + more));
        pipeline.commit();
    }

    private void step(Duration duration) {
        pipeline.advance(duration);
        pipeline.commit();
        letters.addAll(pipeline.deadLetters());
    }

    private void pass(Duration time) {
        for (int i = 0; i < time.toMillis() / 200; i++) {
            step(Duration.ofMillis(200));
        }
    }

    private List<String> codes() {
        return Requests.codes(letters);
    }

    private Launch led(String more) {
        send("a", more);
        return pipeline.takeOneLaunched();
    }

    private void fail(Launch launch, DeadLetterCode code) {
        pipeline.endCall(launch);
        pipeline.deliver(failed(launch, code, true));
        pipeline.commit();
        letters.addAll(pipeline.deadLetters());
    }

    private void lose(Launch launch) {
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.LOST));
        pipeline.commit();
        letters.addAll(pipeline.deadLetters());
    }

    private void loseAtItsDeadline(Launch launch) {
        pipeline.advance(Duration.ofSeconds(10));
        lose(launch);
    }

    @Test
    void shouldNotCallForADuplicateThatWouldRatherFailWhereTheCallOfItsKeyWasLost() {
        // Given
        Launch first = led(SHORT);
        send("b", LONG + FAIL);

        // When
        loseAtItsDeadline(first);
        pass(Duration.ofSeconds(3));

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline", "dispatch.in_doubt");
        assertThat(header(letters.getLast(), "llm.dlq.duplicate.of"))
                .isEqualTo(first.ticket().id().toString());
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldNotCallAgainWhenAnAnswerComesAfterTheHandOver() {
        // Given
        Launch first = led(SHORT);
        send("b", LONG + FAIL);
        pipeline.restartAfter(Duration.ofSeconds(200), new Owner("node-2", "run-1"), "dispatch.permits=1");
        pipeline.caughtUp();
        for (int i = 0; i < 40; i++) {
            pipeline.readAgain();
            step(Duration.ofMillis(200));
        }

        // When
        pipeline.deliver(answered(first, "the paid answer"));
        pass(Duration.ofSeconds(3));

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline", "dispatch.in_doubt");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldCallForADuplicateThatWouldRatherPayTwice() {
        // Given
        Launch first = led(SHORT);
        send("b", LONG);

        // When
        loseAtItsDeadline(first);
        pass(Duration.ofSeconds(3));

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline");
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("b");
    }

    @Test
    void shouldKnowOfTheLossThroughFurtherLeadersAndARestart() {
        // Given
        Launch first = led(SHORT);
        send("b", ",\"timeout_ms\":20000,\"priority\":\"interactive\"");
        send("c", LONG + FAIL);
        loseAtItsDeadline(first);
        pass(Duration.ofSeconds(3));
        Launch second = pipeline.takeOneLaunched();
        pipeline.endCall(second);
        pipeline.deliver(ended(second, Outcome.Kind.NOT_SENT));

        // When
        pipeline.restart(new Owner("node-1", "run-2"), "dispatch.permits=1");
        pass(Duration.ofSeconds(20));
        pipeline.caughtUp();
        pass(Duration.ofSeconds(5));

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline", "dispatch.deadline", "dispatch.in_doubt");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldLetTheNextLeadWhereTheLeaderWouldRatherFail() throws Exception {
        // Given
        Launch first = led(LONG + FAIL);
        send("b", LONG + FAIL);
        send("c", LONG);
        send("d", LONG + FAIL);

        // When
        lose(first);
        pass(Duration.ofSeconds(3));
        Launch next = pipeline.takeOneLaunched();
        pipeline.endCall(next);
        pipeline.deliver(completed(next, "hi"));
        pass(Duration.ofSeconds(1));

        // Then
        assertThat(next.ticket().customId()).isEqualTo("c");
        assertThat(next.ticket().inDoubt()).isEqualTo(InDoubtPolicy.RETRY);
        assertThat(codes()).containsExactly("dispatch.in_doubt", "dispatch.in_doubt");
        assertThat(pipeline.results()).as("who leads, and who follows it").hasSize(2);
    }

    @Test
    void shouldStandInDoubtForLaterDuplicatesThatWouldRatherFail() {
        // Given
        Launch first = led(LONG + FAIL);
        send("b", LONG + FAIL);
        lose(first);
        pass(Duration.ofSeconds(3));

        // When
        send("c", LONG + FAIL);
        letters.addAll(pipeline.deadLetters());
        List<Launch> before = pipeline.takeLaunched();
        send("d", LONG);

        // Then
        assertThat(codes()).containsExactly("dispatch.in_doubt", "dispatch.in_doubt", "dispatch.in_doubt");
        assertThat(before).isEmpty();
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("d");
    }

    @Test
    void shouldStandInDoubtThoughNobodyFollowedWhoWasLostAtItsDeadline() {
        // Given
        loseAtItsDeadline(led(SHORT));

        // When
        send("b", LONG + FAIL);
        letters.addAll(pipeline.deadLetters());
        List<Launch> before = pipeline.takeLaunched();
        send("c", LONG);
        Launch next = pipeline.takeOneLaunched();
        send("d", LONG + FAIL);
        lose(next);
        pipeline.takeLaunched();

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline", "dispatch.in_doubt");
        assertThat(before).isEmpty();
        assertThat(next.ticket().customId()).isEqualTo("c");
    }

    @Test
    void shouldForgetTheDoubtAfterTheRetention() {
        // Given
        Launch first = led(LONG + FAIL);
        send("b", SHORT + FAIL);
        send("c", LONG + FAIL);
        pass(Duration.ofSeconds(13));
        lose(first);
        pass(Duration.ofSeconds(3));

        // When
        for (int hour = 0; hour < 30; hour++) {
            step(Duration.ofHours(1));
        }

        // Then
        assertThat(codes()).containsExactly("dispatch.deadline", "dispatch.in_doubt", "dispatch.in_doubt");
        assertThat(pipeline.stores().size("idempotency")).isZero();
        assertThat(pipeline.stores().size("calls")).isZero();
    }

    @Test
    void shouldStandInDoubtForWhoWouldRatherFailWhereTheLostCallsWereTooMany() {
        // Given
        reopen(StepBudget.USUAL, ONE_LOST);
        Launch first = led(LONG);
        lose(first);

        // When
        send("b", LONG + FAIL);
        pass(Duration.ofSeconds(3));
        List<Launch> before = pipeline.takeLaunched();
        send("c", LONG);

        // Then
        assertThat(codes()).containsExactly("dispatch.lost", "dispatch.in_doubt");
        assertThat(header(letters.getLast(), "llm.dlq.duplicate.of"))
                .isEqualTo(first.ticket().id().toString());
        assertThat(before).isEmpty();
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("c");
    }

    @Test
    void shouldStandInDoubtWhereTheProviderFailedAfterACallWasLost() {
        // Given
        lose(led(LONG));
        fail(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_SERVER_ERROR);

        // When
        pipeline.restart(new Owner("node-1", "run-2"), "dispatch.permits=1");
        pipeline.caughtUp();
        send("b", LONG + FAIL);
        pass(Duration.ofSeconds(3));

        // Then
        assertThat(codes()).containsExactly("provider.server_error", "dispatch.in_doubt");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldStandInDoubtAfterFurtherLeadersThatLostNothing() {
        // Given
        loseAtItsDeadline(led(SHORT));
        for (String leader : List.of("b", "c")) {
            send(leader, LONG);
            fail(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_SERVER_ERROR);
        }

        // When
        send("d", LONG + FAIL);
        pass(Duration.ofSeconds(3));

        // Then
        assertThat(codes())
                .containsExactly(
                        "dispatch.deadline", "provider.server_error", "provider.server_error", "dispatch.in_doubt");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldLeadAgainWhateverItSaysWhereNothingWasLost() {
        // Given
        fail(led(LONG), DeadLetterCode.PROVIDER_SERVER_ERROR);

        // When
        send("b", LONG + FAIL);

        // Then
        assertThat(codes()).containsExactly("provider.server_error");
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("b");
    }

    /** The verdict is the followers' while the doubt stands for who comes later, and both are forgotten. */
    @Test
    void shouldStandInDoubtWhileFollowersAreGivenAnotherVerdict() {
        // Given
        reopen(new StepBudget(3, 1 << 20, Duration.ofSeconds(1)), ONE_LOST);
        Launch first = led(LONG);
        for (int follower = 0; follower < FOLLOWERS; follower++) {
            send("follower-" + follower, LONG + FAIL);
        }
        lose(first);
        int sharedBefore = letters.size() - 1;

        // When
        send("late", LONG + FAIL);
        letters.addAll(pipeline.deadLetters());
        send("again", LONG);
        Launch again = pipeline.takeOneLaunched();
        pass(Duration.ofSeconds(20));

        // Then
        assertThat(sharedBefore).as("given with the end of the first").isLessThan(FOLLOWERS - 1);
        assertThat(again.ticket().customId()).isEqualTo("again");
        assertThat(Collections.frequency(codes(), "dispatch.lost")).isEqualTo(1 + FOLLOWERS);
        assertThat(Collections.frequency(codes(), "dispatch.in_doubt")).isEqualTo(1);
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldForgetTheDoubtAndTheVerdictOfWhoFollowedAfterTheRetention() {
        // Given
        reopen(StepBudget.USUAL, ONE_LOST);
        Launch first = led(LONG);
        send("b", LONG);
        lose(first);
        pass(Duration.ofSeconds(3));

        // When
        int kept = pipeline.stores().size("idempotency");
        for (int hour = 0; hour < 30; hour++) {
            step(Duration.ofHours(1));
        }

        // Then
        assertThat(codes()).containsExactly("dispatch.lost", "dispatch.lost");
        assertThat(kept).as("the key, and when it expires").isEqualTo(2);
        assertThat(pipeline.stores().size("idempotency")).isZero();
    }
}
