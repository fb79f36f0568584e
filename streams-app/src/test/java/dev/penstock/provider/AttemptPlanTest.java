package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.RetryConfig;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The chain is a, b. Waits are drawn at the middle: half the backoff, three quarters of a park. */
class AttemptPlanTest {

    private static final Instant NOW = FakeClock.START;
    private static final Instant DEADLINE = NOW.plus(Duration.ofMinutes(10));
    private static final double MIDDLE = 0.5;
    private static final int MOST_BILLED = 5;
    private static final RetryConfig RETRY = new RetryConfig(
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            10,
            0,
            Duration.ofSeconds(5),
            Duration.ofSeconds(8),
            Duration.ofMinutes(2),
            MOST_BILLED);

    private static RetryBudget budget(boolean left) {
        return new RetryBudget(0, left ? 1 : 0);
    }

    private static Step plan(
            String failure, Attempts attempts, List<TargetView> chain, RetryBudget budget, Instant deadline) {
        AttemptPlan plan = new AttemptPlan(RETRY, budget);
        return failure.equals("none")
                ? plan.next(attempts, chain, deadline, NOW, MIDDLE)
                : plan.afterFailure(FailureClass.valueOf(failure), attempts, chain, deadline, NOW, MIDDLE);
    }

    /** {@code 2 open}: two attempts, open. {@code 0 30s}: no attempt, closed for 30 s. */
    private static TargetView view(String name, String column) {
        String state = column.split(" ")[1];
        Availability availability = switch (state) {
            case "open" -> new Availability.Open();
            case "busy" -> new Availability.Busy();
            default -> new Availability.ClosedUntil(NOW.plus(Duration.parse("PT" + state)));
        };
        return new TargetView(name, availability, "closed", "open");
    }

    private static Attempts attempts(String a, String b) {
        Attempts attempts = Attempts.NONE;
        for (int i = 0; i < count(a); i++) {
            attempts = attempts.failed("a", false, null, NOW);
        }
        for (int i = 0; i < count(b); i++) {
            attempts = attempts.failed("b", false, null, NOW);
        }
        return attempts;
    }

    private static int count(String column) {
        return Integer.parseInt(column.split(" ")[0]);
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Try attempt ->
                attempt.kind().name().toLowerCase(Locale.ROOT) + " " + attempt.target() + " "
                        + wait(attempt.notBefore());
            case Step.Park park ->
                "park " + wait(park.due()) + " " + park.reason().wireName();
            case Step.GiveUp end -> "give up";
        };
    }

    private static String wait(Instant until) {
        return Duration.between(NOW, until).toString().substring(2).toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest(name = "{0}, a {1}, b {2}, budget {3}: {4}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            failure      | a      | b      | budget | step
            # A new call takes the first target with room.
            none         | 0 open | 0 open | no     | first a 0s
            none         | 0 busy | 0 open | no     | fallback b 0s
            none         | 0 30s  | 0 open | no     | fallback b 0s
            none         | 0 open | 0 busy | no     | first a 0s
            none         | 0 busy | 0 busy | yes    | park 0s busy
            none         | 0 busy | 0 30s  | yes    | park 0s busy
            none         | 0 30s  | 0 busy | yes    | park 0s busy
            none         | 0 30s  | 0 20s  | yes    | park 20.25s closed
            none         | 0 30s  | 0 40s  | yes    | park 30.25s closed
            none         | 0 1h   | 0 2h   | yes    | park 10m closed
            # A failure goes to the next target at once, whatever is left of the budget.
            TRANSIENT    | 1 open | 0 open | yes    | fallback b 0s
            TRANSIENT    | 1 open | 0 open | no     | fallback b 0s
            UNKNOWN      | 1 open | 0 open | no     | fallback b 0s
            THROTTLED    | 1 5s   | 0 open | no     | fallback b 0s
            CREDENTIALS  | 1 60s  | 0 open | no     | fallback b 0s
            SPEND_CAPPED | 1 5m   | 0 open | no     | fallback b 0s
            TRANSIENT    | 0 open | 1 open | no     | fallback a 0s
            # No backoff, though a target of the head was tried less often.
            TRANSIENT    | 2 open | 0 open | no     | fallback b 0s
            # What was tried is tried again after a backoff, within the budget.
            TRANSIENT    | 1 open | 0 busy | yes    | retry a 0.5s
            TRANSIENT    | 1 open | 0 30s  | yes    | retry a 0.5s
            TRANSIENT    | 1 open | 1 open | yes    | retry a 0.5s
            UNKNOWN      | 1 open | 1 open | yes    | retry a 0.5s
            THROTTLED    | 1 open | 1 open | yes    | retry a 0.5s
            TRANSIENT    | 2 open | 1 open | yes    | retry b 0.5s
            TRANSIENT    | 2 open | 2 open | yes    | retry a 1s
            TRANSIENT    | 2 busy | 1 busy | yes    | park 0s busy
            TRANSIENT    | 2 open | 1 busy | yes    | retry a 1s
            TRANSIENT    | 1 open | 1 open | no     | park 6s retry_budget
            TRANSIENT    | 1 open | 0 busy | no     | park 6s retry_budget
            TRANSIENT    | 1 open | 0 30s  | no     | park 6s retry_budget
            # Whoever waited out a backoff in the queue does not wait for another.
            none         | 2 open | 2 open | yes    | retry a 0s
            none         | 2 open | 2 open | no     | park 6s retry_budget
            # A target whose attempts are used up is none any more.
            TRANSIENT    | 3 open | 1 open | yes    | retry b 0.5s
            TRANSIENT    | 3 open | 0 open | no     | fallback b 0s
            TRANSIENT    | 3 busy | 1 busy | yes    | park 0s busy
            TRANSIENT    | 3 5s   | 1 busy | yes    | park 0s busy
            # Nor does it wait for room where others may go, whom it would stand in the way of.
            TRANSIENT    | 3 open | 1 busy | yes    | park 6s used_up
            none         | 3 open | 0 busy | yes    | park 6s used_up
            TRANSIENT    | 3 open | 1 2s   | yes    | park 2.25s closed
            # Waiting for one that is closed for long is no better than a new round.
            TRANSIENT    | 3 open | 1 30s  | yes    | park 6s used_up
            TRANSIENT    | 3 open | 3 open | yes    | park 6s used_up
            TRANSIENT    | 3 busy | 3 30s  | yes    | park 6s used_up
            none         | 3 open | 3 open | yes    | park 6s used_up
            THROTTLED    | 1 5s   | 1 7s   | yes    | park 5.25s closed
            CREDENTIALS  | 1 60s  | 1 open | yes    | retry b 0.5s
            # The request itself is at fault.
            PERMANENT    | 1 open | 0 open | yes    | give up
            PERMANENT    | 0 open | 1 open | yes    | give up
            PERMANENT    | 1 30s  | 0 busy | no     | give up
            """)
    void shouldPlan(String failure, String a, String b, String budget, String expected) {
        // When
        Step step = plan(
                failure, attempts(a, b), List.of(view("a", a), view("b", b)), budget(budget.equals("yes")), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo(expected);
    }

    private static final List<String> STATES = List.of("open", "busy", "30s");

    /** Every failure, every count, every state, with and without a budget: 2,016 cases against the rules themselves. */
    @ParameterizedTest
    @CsvSource({"none", "PERMANENT", "CREDENTIALS", "SPEND_CAPPED", "THROTTLED", "TRANSIENT", "UNKNOWN"})
    void shouldKeepEveryRuleInEveryCase(String failure) {
        for (int a = 0; a <= 3; a++) {
            for (int b = 0; b <= 3; b++) {
                for (String stateOfA : STATES) {
                    for (String stateOfB : STATES) {
                        check(failure, a + " " + stateOfA, b + " " + stateOfB, true);
                        check(failure, a + " " + stateOfA, b + " " + stateOfB, false);
                    }
                }
            }
        }
    }

    private static void check(String failure, String a, String b, boolean budgetLeft) {
        RetryBudget budget = budget(budgetLeft);
        List<TargetView> chain = List.of(view("a", a), view("b", b));
        Step step = plan(failure, attempts(a, b), chain, budget, DEADLINE);
        String which = failure + ", a " + a + ", b " + b + ", budget " + budgetLeft + ": " + step;

        List<String> untried = new ArrayList<>();
        List<String> tried = new ArrayList<>();
        for (String column : List.of(a, b)) {
            if (column.endsWith("open") && count(column) < RETRY.attemptsPerTarget()) {
                (count(column) == 0 ? untried : tried).add(column);
            }
        }
        boolean charged = budgetLeft && budget.left(NOW) == 0;
        switch (step) {
            case Step.GiveUp end -> assertThat(failure).as(which).isEqualTo("PERMANENT");
            case Step.Try attempt -> {
                String column = attempt.target().equals("a") ? a : b;
                assertThat(failure).as(which).isNotEqualTo("PERMANENT");
                assertThat(untried.isEmpty() ? tried : untried).as(which).contains(column);
                assertThat(charged).as(which).isEqualTo(untried.isEmpty());
                assertThat(attempt.kind() == Step.Kind.RETRY).as(which).isEqualTo(untried.isEmpty());
                if (!untried.isEmpty()) {
                    assertThat(attempt.notBefore()).as(which).isEqualTo(NOW);
                }
            }
            case Step.Park park -> {
                assertThat(failure).as(which).isNotEqualTo("PERMANENT");
                assertThat(untried).as(which).isEmpty();
                assertThat(budgetLeft && !tried.isEmpty()).as(which).isFalse();
                assertThat(charged).as(which).isFalse();
                assertThat(park.due()).as(which).isBetween(NOW, DEADLINE);
                assertThat(new AttemptPlan(RETRY, budget).isUsedUp(attempts(a, b), chain, NOW, park.due()))
                        .as(which)
                        .isEqualTo(park.reason() == Step.Reason.USED_UP);
            }
        }
    }

    @Test
    void shouldGiveUpWhenTooManyAttemptsMayHaveBeenBilled() {
        // Given
        Attempts attempts = Attempts.NONE;
        for (int i = 0; i < MOST_BILLED - 1; i++) {
            attempts = attempts.failed("a", true, null, NOW).nextRound();
        }
        List<TargetView> chain = List.of(view("a", "0 open"));
        assertThat(text(plan("none", attempts, chain, budget(false), DEADLINE))).isEqualTo("first a 0s");

        // When
        attempts = attempts.failed("a", true, null, NOW);

        // Then
        assertThat(plan("UNKNOWN", attempts, chain, budget(true), DEADLINE)).isEqualTo(new Step.GiveUp());
        assertThat(plan("none", attempts, chain, budget(true), DEADLINE)).isEqualTo(new Step.GiveUp());
    }

    /** The lesson: a total deadline across attempts. */
    @ParameterizedTest
    @CsvSource({"0ms, park 0s deadline", "500ms, park 0.5s deadline", "501ms, retry a 0.5s"})
    void shouldTryNothingThatWouldBeginAtTheDeadline(String left, String expected) {
        // Given
        Instant deadline = NOW.plusMillis(Long.parseLong(left.replace("ms", "")));
        List<TargetView> chain = List.of(view("a", "1 open"));

        // When
        Step step = plan("TRANSIENT", attempts("1 open", "0 open"), chain, budget(true), deadline);

        // Then
        assertThat(text(step)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 2s    | retry a 2s",
                "1 | 0.2s  | retry a 0.5s",
                "1 | 5s    | retry a 5s",
                "1 | 5.1s  | park 5.1s backoff",
                "1 | 20m   | park 10m deadline",
                "0 | 2s    | first a 2s",
                "0 | 30s   | park 30s backoff",
            })
    void shouldNeverComeBeforeTheTimeThatTheTargetAskedFor(int count, String asked, String expected) {
        // Given
        Attempts attempts = Attempts.NONE.failed("a", false, Duration.parse("PT" + asked), NOW);
        Attempts those = count == 0 ? attempts.nextRound() : attempts;

        // When
        Step step = plan("TRANSIENT", those, List.of(view("a", "1 open")), budget(true), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo(expected);
    }

    /** The lesson: waiting although another target was free took 5.5 s instead of 0.8 s. */
    @Test
    void shouldRatherRetryATargetThatDidNotAskToWait() {
        // Given
        Attempts attempts = Attempts.NONE
                .failed("b", false, null, NOW)
                .failed("b", false, null, NOW)
                .failed("a", false, Duration.ofSeconds(30), NOW);

        // When
        Step step =
                plan("TRANSIENT", attempts, List.of(view("a", "1 open"), view("b", "2 open")), budget(true), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo("retry b 1s");
    }

    /** The lesson: a timeout must reach the fallback. */
    @Test
    void shouldSendATimeoutToTheFallbackAtOnce() {
        // Given
        Attempts timedOut = Attempts.NONE.failed("a", true, null, NOW);

        // When
        Step step =
                plan("UNKNOWN", timedOut, List.of(view("a", "1 open"), view("b", "0 open")), budget(false), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo("fallback b 0s");
    }

    @ParameterizedTest
    @CsvSource({"0, 6s", "1, 12s", "2, 24s", "3, 48s", "4, 1m30s", "40, 1m30s"})
    void shouldParkLongerAfterEachRound(int rounds, String expected) {
        // Given
        Attempts attempts = new Attempts(List.of(new TargetAttempts("a", 3, null)), rounds, 0);

        // When
        Step step = plan("TRANSIENT", attempts, List.of(view("a", "3 open")), budget(true), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo("park " + expected + " used_up");
        assertThat(step instanceof Step.Park park && park.endsRound()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0.0, 0s", "0.25, 1s", "0.999999, 3.999996s"})
    void shouldDrawTheBackoffFromNothingToAll(double random, String expected) {
        // Given
        AttemptPlan plan = new AttemptPlan(
                new RetryConfig(
                        9,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        10,
                        0,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(8),
                        Duration.ofMinutes(2),
                        9),
                budget(true));

        // When
        Step step = plan.afterFailure(
                FailureClass.TRANSIENT,
                attempts("6 open", "0 open"),
                List.of(view("a", "6 open")),
                DEADLINE,
                NOW,
                random);

        // Then
        assertThat(text(step)).isEqualTo("retry a " + expected);
    }

    @ParameterizedTest
    @EnumSource(FailureClass.class)
    void shouldWaitOutTheDeadlineWhenTheChainHasNoTargetAnyMore(FailureClass failure) {
        // When
        Step step = plan(failure.name(), Attempts.NONE, List.of(), budget(true), DEADLINE);

        // Then
        assertThat(text(step)).isEqualTo(failure == FailureClass.PERMANENT ? "give up" : "park 6s used_up");
    }

    @Test
    void shouldCountACallOnceTowardsTheBudget() {
        // Given
        RetryBudget budget = new RetryBudget(100, 0);
        List<TargetView> chain = List.of(view("a", "0 open"), view("b", "0 open"));

        // When
        plan("none", Attempts.NONE, chain, budget, DEADLINE);
        plan("TRANSIENT", attempts("1 open", "0 open"), chain, budget, DEADLINE);

        // Then
        assertThat(budget.left(NOW)).isEqualTo(1);
    }
}
