package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.NOW;
import static dev.penstock.dispatch.Calls.SELF;
import static dev.penstock.dispatch.Calls.dispatched;
import static dev.penstock.dispatch.Calls.ticket;
import static dev.penstock.dispatch.Calls.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.Attempts;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DispatchPolicyTest {

    private static final PenstockConfig CONFIG =
            PenstockConfig.of("dispatch.start_within=10s", "dispatch.lease_skew=30s", "dispatch.in_doubt.max_lost=3");
    private static final Owner EARLIER_RUN = new Owner("node-1", "run-1");
    private static final Owner OTHER_INSTANCE = new Owner("node-2", "run-9");
    private static final CallEntry WAITING = waiting(ticket(1), 0, 0);
    private static final CallEntry GIVEN_UP = waiting(ticket(1), 1, 1);
    private static final CallEntry FIRST = dispatched(ticket(1), SELF, 1, 0);
    private static final CallEntry SECOND = dispatched(ticket(1), SELF, 2, 1);
    private static final ObjectNode BODY =
            JsonMapper.shared().createObjectNode().put("text", "hi");

    private final DispatchPolicy policy = new DispatchPolicy(CONFIG.dispatch(), CONFIG.retry(), SELF);

    static Stream<Arguments> starts() {
        DispatchDecision requeue = new DispatchDecision.Requeue(Instant.EPOCH);
        Instant leaseOver = NOW.plusSeconds(70).plusSeconds(30);
        return Stream.of(
                Arguments.of(WAITING, false, requeue),
                Arguments.of(GIVEN_UP, false, requeue),
                Arguments.of(
                        GIVEN_UP.waiting(new CallState.Waiting(NOW.plusSeconds(3), null)),
                        false,
                        new DispatchDecision.Requeue(NOW.plusSeconds(3))),
                Arguments.of(FIRST, true, new DispatchDecision.InDoubtFrom(leaseOver)),
                Arguments.of(FIRST, false, requeue),
                Arguments.of(
                        dispatched(ticket(1), EARLIER_RUN, 1, 0),
                        false,
                        new DispatchDecision.InDoubtFrom(Instant.EPOCH)),
                Arguments.of(
                        dispatched(ticket(1), OTHER_INSTANCE, 1, 0),
                        false,
                        new DispatchDecision.InDoubtFrom(leaseOver)));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void shouldDecideWhatToDoWithWhatATaskFindsAtItsStart(CallEntry entry, boolean held, DispatchDecision expected) {
        assertThat(policy.onStart(entry, held)).isEqualTo(expected);
    }

    static Stream<Arguments> outcomes() {
        Class<?> settle = DispatchDecision.Settle.class;
        Class<?> late = DispatchDecision.Late.class;
        Class<?> requeue = DispatchDecision.Requeue.class;
        Class<?> doubt = DispatchDecision.Doubt.class;
        Class<?> failed = DispatchDecision.Failed.class;
        Class<?> rest = DispatchDecision.Rest.class;
        return Stream.of(
                Arguments.of(null, Outcome.Kind.ANSWERED, 1, late),
                Arguments.of(null, Outcome.Kind.FAILED, 1, late),
                Arguments.of(null, Outcome.Kind.NOT_SENT, 1, late),
                Arguments.of(null, Outcome.Kind.LOST, 1, late),
                Arguments.of(FIRST, Outcome.Kind.ANSWERED, 1, settle),
                Arguments.of(FIRST, Outcome.Kind.FAILED, 1, failed),
                Arguments.of(FIRST, Outcome.Kind.PARKED, 1, rest),
                Arguments.of(FIRST, Outcome.Kind.NOT_SENT, 1, requeue),
                Arguments.of(FIRST, Outcome.Kind.LOST, 1, doubt),
                Arguments.of(SECOND, Outcome.Kind.ANSWERED, 1, settle),
                Arguments.of(SECOND, Outcome.Kind.FAILED, 1, late),
                Arguments.of(SECOND, Outcome.Kind.PARKED, 1, late),
                Arguments.of(SECOND, Outcome.Kind.NOT_SENT, 1, late),
                Arguments.of(SECOND, Outcome.Kind.LOST, 1, late),
                Arguments.of(GIVEN_UP, Outcome.Kind.ANSWERED, 1, settle),
                Arguments.of(GIVEN_UP, Outcome.Kind.FAILED, 1, late),
                Arguments.of(GIVEN_UP, Outcome.Kind.NOT_SENT, 1, late),
                Arguments.of(GIVEN_UP, Outcome.Kind.LOST, 1, late));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void shouldDecideWhatAnOutcomeMeans(@Nullable CallEntry entry, Outcome.Kind kind, int attempt, Class<?> expected) {
        assertThat(policy.onOutcome(entry, outcome(kind, attempt))).isInstanceOf(expected);
    }

    @Test
    void shouldKeepAllThatTheAnswerSaid() {
        // Given
        Outcome outcome = outcome(Outcome.Kind.ANSWERED, 1);

        // When
        DispatchDecision decision = policy.onOutcome(FIRST, outcome);

        // Then
        assertThat(decision)
                .isEqualTo(new DispatchDecision.Settle(new Verdict.Answer(
                        200,
                        "p-1",
                        BODY,
                        "fake",
                        "m-1",
                        "gold",
                        outcome.attempts(),
                        outcome.usage(),
                        null,
                        null,
                        outcome.startedAt(),
                        outcome.endedAt(),
                        null,
                        null,
                        null)));
    }

    @Test
    void shouldListTheAttemptsOfEarlierDispatchesBeforeThoseOfTheLast() {
        // Given
        AttemptReport earlier = new AttemptReport("one", "timeout", 30);
        CallEntry entry = FIRST.with(new Progress(List.of(earlier), 1, Attempts.NONE, null));
        Outcome outcome = outcome(Outcome.Kind.ANSWERED, 1);

        // When
        DispatchDecision decision = policy.onOutcome(entry, outcome);

        // Then
        assertThat(decision)
                .isInstanceOfSatisfying(
                        DispatchDecision.Settle.class,
                        settle -> assertThat(settle.verdict())
                                .isInstanceOfSatisfying(
                                        Verdict.Answer.class,
                                        answer -> assertThat(answer.attempts())
                                                .startsWith(earlier)
                                                .endsWith(outcome.attempts().getLast())));
    }

    @Test
    void shouldKeepTheCodeAndTheAttemptsOfAFailure() {
        // Given
        CallEntry entry = FIRST.with(new Progress(List.of(), 1, Attempts.NONE, null));
        Outcome.Failure failure = new Outcome.Failure(
                FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_SERVER_ERROR, 500, true, null, "status 500");

        // When
        Verdict verdict =
                policy.givenUp(entry, failure, entry.ticket().deadline().minusMillis(1));

        // Then
        assertThat(verdict).isEqualTo(Verdict.Failure.of(DeadLetterCode.PROVIDER_SERVER_ERROR, 1, "status 500"));
    }

    @Test
    void shouldSayWhatTheLastAttemptMetWhenTheDeadlinePasses() {
        // Given
        CallEntry entry = FIRST.with(new Progress(List.of(), 1, Attempts.NONE, DeadLetterCode.PROVIDER_THROTTLED));

        // When
        Verdict verdict = policy.overdue(entry);

        // Then
        assertThat(verdict)
                .isEqualTo(Verdict.Failure.of(
                        DeadLetterCode.DISPATCH_DEADLINE,
                        1,
                        "deadline passed after 1 attempt(s), the last one: provider.throttled"));
    }

    @Test
    void shouldNeverLetACallStartPastTheDeadline() {
        // Given
        CallEntry soon = waiting(ticket(1, InDoubtPolicy.RETRY, NOW.plusSeconds(4)), 0, 0);

        // When
        CallState.Dispatched state = policy.dispatched(soon, "one", Duration.ofSeconds(60), NOW);

        // Then
        assertThat(state.startBy()).isEqualTo(NOW.plusSeconds(4));
    }

    @Test
    void shouldLeaseACallForItsStartItsTimeoutAndItsShortWaits() {
        // When
        CallState.Dispatched state = policy.dispatched(WAITING, "one", Duration.ofSeconds(60), NOW);

        // Then
        assertThat(state).isEqualTo(new CallState.Dispatched(SELF, "one", NOW.plusSeconds(10), NOW.plusSeconds(85)));
    }

    @Test
    void shouldBeOverdueAtTheDeadlineAndNotBefore() {
        // Given
        CallEntry entry = waiting(ticket(1, InDoubtPolicy.RETRY, NOW), 0, 0);

        // When / Then
        assertThat(policy.isOverdue(entry, NOW.minusMillis(1))).isFalse();
        assertThat(policy.isOverdue(entry, NOW)).isTrue();
    }

    @Test
    void shouldEndACallOfWhichAsManyWereLostAsMayBe() {
        // Given
        CallEntry thirdLost = waiting(ticket(1), 3, 3);

        // When
        DispatchDecision decision = policy.onDoubt(thirdLost, NOW);

        // Then
        assertThat(decision)
                .isInstanceOfSatisfying(
                        DispatchDecision.Settle.class,
                        settle -> assertThat(((Verdict.Failure) settle.verdict()).code())
                                .isEqualTo(DeadLetterCode.DISPATCH_LOST));
        assertThat(policy.onDoubt(waiting(ticket(1), 2, 2), NOW)).isInstanceOf(DispatchDecision.CallAgain.class);
    }

    @Test
    void shouldNameTheBoundOfBilledAttemptsWhenNothingElseWentWrong() {
        // Given
        CallEntry lost = GIVEN_UP.with(Progress.NONE.withLost("one"));

        // When
        Verdict verdict = policy.nothingLeft(lost);

        // Then
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(DeadLetterCode.DISPATCH_LOST);
            assertThat(failure.detail())
                    .isEqualTo("calls lost: 1; no further attempt is allowed (retry.max_billed_attempts: 20)");
        });
    }

    private static Outcome outcome(Outcome.Kind kind, int attempt) {
        boolean answered = kind == Outcome.Kind.ANSWERED;
        Outcome.Failure failure = new Outcome.Failure(
                FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_SERVER_ERROR, 500, true, null, "status 500");
        return new Outcome(
                Calls.id(1).toString(),
                attempt,
                "acme",
                SELF.toString(),
                kind,
                answered ? new Outcome.Answer(200, "p-1", BODY) : null,
                kind == Outcome.Kind.FAILED ? failure : null,
                kind == Outcome.Kind.PARKED ? NOW : null,
                "fake",
                "m-1",
                "gold",
                new TokenUsage(1, 2, 0, 0),
                List.of(new AttemptReport("fake", "some", 3)),
                NOW,
                NOW.plusMillis(3),
                null);
    }
}
