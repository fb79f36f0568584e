package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.ended;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineFlowTest {

    private static final String HELLO = request("a-1", "hello", "");

    private final WireCodec codec = new WireCodec();
    private TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldCallOnlyAfterTheCommit() {
        // Given
        pipeline.send("acme", HELLO);

        // When
        List<Launch> before = pipeline.takeLaunched();
        pipeline.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldForgetTheCallAndReturnItsPermitWhenTheTransactionIsRolledBack() {
        // Given
        pipeline.send("acme", HELLO);

        // When
        pipeline.abort();
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.permits().inUse()).isZero();
    }

    @Test
    void shouldTurnAnAnswerIntoOneResultAndOneUsageEvent() throws Exception {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.deliver(answered(launch, "hi"));

        // Then
        Result result = codec.readResult(only(pipeline.results()).value());
        assertThat(result.customId()).isEqualTo("a-1");
        assertThat(result.id()).isEqualTo("llm.requests-0-0");
        assertThat(result.penstock().source()).isEqualTo(Source.PROVIDER);
        assertThat(result.response().body().path("text").asString()).isEqualTo("hi");
        UsageEvent usage = codec.readUsageEvent(only(pipeline.usage()).value());
        assertThat(usage.status()).isEqualTo(UsageEvent.Status.BILLED);
        assertThat(usage.usage()).isEqualTo(OutcomeFixtures.USAGE);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldHoldACallUntilThatItsOutcomeWasProcessedIsDurable() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.deliver(answered(launch, "hi"));
        boolean beforeCommit = pipeline.holds(launch.ticket().id(), 1);
        pipeline.commit();

        // Then
        assertThat(beforeCommit).isTrue();
        assertThat(pipeline.holds(launch.ticket().id(), 1)).isFalse();
    }

    @Test
    void shouldAnswerADuplicateWithTheSameTerminalAndCallNobody() throws Exception {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));
        pipeline.results();
        pipeline.usage();

        // When
        pipeline.send("acme", HELLO);
        pipeline.commit();

        // Then
        Result result = codec.readResult(only(pipeline.results()).value());
        assertThat(result.penstock().source()).isEqualTo(Source.DUPLICATE);
        assertThat(result.penstock().requestId()).isEqualTo("llm.requests-0-1");
        assertThat(result.response().body().path("text").asString()).isEqualTo("hi");
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.usage()).isEmpty();
    }

    @Test
    void shouldLetDuplicatesOfACallInFlightShareItsTerminal() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.send("acme", HELLO);
        pipeline.send("acme", HELLO);
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));

        // Then
        assertThat(pipeline.results()).hasSize(3);
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldRefuseAKeyThatWasUsedForSomethingElse() {
        // Given
        pipeline.send("acme", request("a-1", "hello", ",\"idempotency_key\":\"k\""));

        // When
        pipeline.send("acme", request("a-2", "other", ",\"idempotency_key\":\"k\""));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("idempotency.conflict");
    }

    @Test
    void shouldNotLetTheSameKeyMeetAcrossTenants() {
        // Given
        pipeline.send("acme", request("a-1", "hello", ",\"idempotency_key\":\"k\""));

        // When
        pipeline.send("other", request("a-1", "hello", ",\"idempotency_key\":\"k\""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    @Test
    void shouldStartAgainAfterAFailureThatMayBeRetried() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        assertThat(codes(pipeline.deadLetters())).containsExactly("provider.unavailable");

        // When
        pipeline.send("acme", HELLO);
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldRepeatAFinalFailureForDuplicatesAndNameTheLeader() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.deadLetters();

        // When
        pipeline.send("acme", HELLO);

        // Then
        TestRecord<byte[], byte[]> deadLetter = only(pipeline.deadLetters());
        assertThat(header(deadLetter, "llm.dlq.code")).isEqualTo("provider.bad_request");
        assertThat(header(deadLetter, "llm.dlq.duplicate.of")).isEqualTo("llm.requests-0-0");
        assertThat(deadLetter.value()).isEqualTo(HELLO.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldTakeAKeyForNewOnceRetentionHasPassedToTheMillisecond() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));

        // When
        pipeline.advance(Duration.ofHours(24).minusMillis(1));
        pipeline.send("acme", HELLO);
        pipeline.commit();
        List<Launch> before = pipeline.takeLaunched();
        pipeline.advance(Duration.ofMillis(1));
        pipeline.send("acme", HELLO);
        pipeline.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldEndAFollowerAtItsOwnDeadline() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.send("acme", request("a-1", "hello", ",\"timeout_ms\":1000"));
        pipeline.commit();

        // When
        pipeline.advance(Duration.ofSeconds(1));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldCloseIntakeWhileTooManyDuplicatesFollow() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline("dispatch.waiting.max_items=10");

        // When
        for (int i = 0; i < 12; i++) {
            pipeline.send("acme", HELLO);
        }
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        Set<Integer> whileInFlight = pipeline.valve().full();
        pipeline.restart(TestPipeline.SELF, "dispatch.waiting.max_items=10");
        pipeline.caughtUp();
        Set<Integer> afterARestart = pipeline.valve().full();
        pipeline.deliver(answered(launch, "hi"));

        // Then
        assertThat(whileInFlight).containsExactly(0);
        assertThat(afterARestart).containsExactly(0);
        assertThat(pipeline.results()).hasSize(12);
        assertThat(pipeline.valve().full()).isEmpty();
    }

    @Test
    void shouldLetTheNextDuplicateLeadWhenTheLeaderEndsAtItsOwnDeadline() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline("dispatch.permits=1");
        pipeline.send("acme", request("b-1", "something else", ""));
        pipeline.send("acme", request("a-1", "hello", ",\"timeout_ms\":1000"));
        pipeline.send("acme", request("a-1", "hello", ",\"in_doubt\":\"fail\""));
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch other = pipeline.takeOneLaunched();

        // When
        pipeline.advance(Duration.ofMillis(1_100));
        pipeline.commit();
        List<String> codes = codes(pipeline.deadLetters());
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();
        pipeline.endCall(other);
        pipeline.deliver(answered(other, "else"));
        pipeline.commit();
        Launch next = pipeline.takeOneLaunched();
        pipeline.endCall(next);
        pipeline.deliver(answered(next, "hi"));

        // Then
        assertThat(codes).containsExactly("dispatch.deadline");
        assertThat(next.ticket().inDoubt()).isEqualTo(InDoubtPolicy.FAIL);
        assertThat(pipeline.results()).hasSize(3);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldEndEachOfAChainOfShortDeadlinesAtItsOwnAcrossARestart() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline("dispatch.permits=1");
        pipeline.send("acme", request("b-1", "something else", ",\"timeout_ms\":600000"));
        for (int seconds = 3; seconds <= 60; seconds += 3) {
            pipeline.send("acme", request("a-1", "hello", ",\"timeout_ms\":" + seconds * 1_000));
        }
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        List<Integer> ended = new ArrayList<>();
        for (int seconds = 1; seconds <= 58; seconds++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
            ended.add(pipeline.deadLetters().size());
            if (seconds == 30) {
                pipeline.restart(TestPipeline.SELF, "dispatch.permits=1");
                pipeline.caughtUp();
            }
        }

        // Then
        for (int seconds = 3; seconds <= 57; seconds += 3) {
            int last = seconds;
            assertThat(ended.subList(0, seconds + 1).stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .as("ended by %d s", last)
                    .isGreaterThanOrEqualTo(seconds / 3);
        }
        assertThat(ended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(19);
        Launch again = pipeline.takeOneLaunched();
        pipeline.endCall(again);
        pipeline.deliver(answered(again, "else"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));
        assertThat(pipeline.results()).hasSize(2);
    }

    @Test
    void shouldWaitForAPermitAndLeaveInTheOrderOfArrival() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline("dispatch.permits=1");
        for (int i = 0; i < 3; i++) {
            pipeline.send("acme", request("a-" + i, "hello", ""));
        }
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(first);
        pipeline.deliver(answered(first, "hi"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-1");
    }

    @Test
    void shouldEndWaitingWorkAtItsDeadlineWithoutCalling() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline("dispatch.permits=1");
        pipeline.send("acme", HELLO);
        pipeline.send("acme", request("a-2", "hello", ",\"timeout_ms\":500"));
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        pipeline.advance(Duration.ofMillis(500));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
    }

    @Test
    void shouldLaunchAgainAtOnceWhatWasNotSent() {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.NOT_SENT));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
        assertThat(pipeline.usage()).isEmpty();
    }

    @Test
    void shouldChargeALostCallAsUnknownAndCallOnceMore() throws Exception {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.LOST));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
        UsageEvent usage = codec.readUsageEvent(only(pipeline.usage()).value());
        assertThat(usage.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(usage.attempt()).isEqualTo(1);
    }

    @Test
    void shouldRatherLoseALostCallThanPayTwiceWhenAskedTo() {
        // Given
        pipeline.send("acme", request("a-1", "hello", ",\"in_doubt\":\"fail\""));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.deliver(ended(launch, Outcome.Kind.LOST));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.in_doubt");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldLetTheFirstOutcomeWinAndOnlyChargeTheSecond() throws Exception {
        // Given
        pipeline.send("acme", HELLO);
        pipeline.commit();
        Launch lost = pipeline.takeOneLaunched();
        pipeline.endCall(lost);
        pipeline.deliver(ended(lost, Outcome.Kind.LOST));
        pipeline.commit();
        Launch again = pipeline.takeOneLaunched();
        pipeline.usage();

        // When
        pipeline.deliver(answered(lost, "late"));
        pipeline.deliver(answered(again, "second"));

        // Then
        Result result = codec.readResult(only(pipeline.results()).value());
        assertThat(result.response().body().path("text").asString()).isEqualTo("late");
        List<TestRecord<byte[], byte[]>> usage = pipeline.usage();
        assertThat(usage).hasSize(2);
        assertThat(codec.readUsageEvent(usage.get(0).value()).status()).isEqualTo(UsageEvent.Status.CORRECTED);
        assertThat(codec.readUsageEvent(usage.get(0).value()).attempt()).isEqualTo(1);
        assertThat(codec.readUsageEvent(usage.get(1).value()).attempt()).isEqualTo(2);
    }

    @Test
    void shouldFanOutNoMoreThanATransactionCarriesAndGoOnAfterTheCommit() {
        // Given
        int followers = StepBudget.USUAL.records() + 20;
        pipeline.send("acme", HELLO);
        for (int i = 0; i < followers; i++) {
            pipeline.send("acme", HELLO);
        }
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));
        int inFirst = pipeline.results().size();
        pipeline.commit();
        pipeline.advance(Duration.ofMillis(100));

        // Then
        assertThat(inFirst).isEqualTo(1 + StepBudget.USUAL.records());
        assertThat(pipeline.results()).hasSize(20);
    }

    private static String request(String customId, String prompt, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\","
                + "\"body\":{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}"
                + more + "}";
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    private static List<String> codes(List<TestRecord<byte[], byte[]>> deadLetters) {
        return deadLetters.stream()
                .map(record -> header(record, "llm.dlq.code"))
                .toList();
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
