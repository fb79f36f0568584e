package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateGateTargetTest {

    private static final String MINI = "mini";
    private static final String BIG = "big";
    private static final Availability OPEN = new Availability.Open();
    private static final Availability BUSY = new Availability.Busy();

    /** Two targets of one account. */
    private final StackFixture stack =
            new StackFixture(target(MINI, "account", 0, 0, 100), target(BIG, "account", 0, 0, 100));

    private static Availability closedUntil(Instant until) {
        return new Availability.ClosedUntil(until);
    }

    static ProviderReply throttled(int retryAfterSeconds) {
        return Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(retryAfterSeconds));
    }

    private Instant in(int seconds) {
        return stack.clock.instant().plusSeconds(seconds);
    }

    @Test
    void shouldCloseTheWholeAccountUntilRetryAfter() {
        // When
        stack.attempt(MINI, throttled(7));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(7)));
        assertThat(stack.look(BIG)).isEqualTo(closedUntil(in(7)));
        assertThat(stack.closings).containsExactly("mini throttled for PT7S");
        assertThat(stack.view(BIG).gate()).isEqualTo("throttled");
    }

    @Test
    void shouldLetNoneInBeforeTheTimeAndOneAtTheTime() {
        // Given
        stack.attempt(MINI, throttled(7));

        // When
        stack.clock.after(Duration.ofSeconds(7).minusNanos(1));
        Entry early = stack.enter(MINI);
        stack.clock.after(Duration.ofNanos(1));
        Entry onTime = stack.enter(BIG);

        // Then
        assertThat(early).isInstanceOf(Entry.NotNow.class);
        assertThat(onTime).isInstanceOf(Entry.Entered.class);
    }

    /** The lesson: re-cooling keeps the later deadline. */
    @Test
    void shouldKeepTheLaterOfTwoDeadlines() {
        // Given
        Lease first = stack.lease(MINI);
        Lease second = stack.lease(MINI);
        stack.end(first, throttled(60));

        // When
        stack.clock.after(Duration.ofSeconds(1));
        stack.end(second, throttled(5));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(59)));
        assertThat(stack.closings).hasSize(1);
    }

    /** The lesson: read Retry-After from this attempt, not from the first. */
    @Test
    void shouldTakeTheWishOfTheLatestAttempt() {
        // Given
        stack.attempt(MINI, throttled(60));
        stack.clock.after(Duration.ofSeconds(60));

        // When
        stack.attempt(MINI, throttled(2));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(2)));
    }

    @Test
    void shouldGuessLongerEachTimeNoneIsSentUpToAMinute() {
        // Given / When / Then
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            stack.attempt(MINI, Replies.failed(FailureClass.THROTTLED));
            assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(seconds)));
            stack.clock.after(Duration.ofSeconds(seconds));
        }
        stack.attempt(MINI, Replies.answered());
        stack.attempt(MINI, Replies.failed(FailureClass.THROTTLED));
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(1)));
    }

    @Test
    void shouldGuessOnceForCallsThatWereSentTogether() {
        // Given
        List<Lease> together = List.of(stack.lease(MINI), stack.lease(MINI), stack.lease(MINI), stack.lease(BIG));

        // When
        together.forEach(lease -> stack.end(lease, Replies.failed(FailureClass.THROTTLED)));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(1)));
    }

    @Test
    void shouldNotAskWithoutAPauseWhenTheProviderSaysZero() {
        // When
        stack.attempt(MINI, throttled(0));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(stack.clock.instant().plusMillis(100)));
    }

    @Test
    void shouldReopenForOneCallAtATimeUntilOneSucceeds() {
        // Given
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));

        // When
        Lease trial = stack.lease(MINI);

        // Then
        assertThat(stack.look(MINI)).isEqualTo(BUSY);
        assertThat(stack.look(BIG)).isEqualTo(BUSY);
        assertThat(stack.view(BIG).gate()).isEqualTo("one_at_a_time");

        // When
        stack.end(trial, Replies.answered());

        // Then
        assertThat(stack.enterAll(BIG)).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "UNKNOWN"})
    void shouldGoOnOneAtATimeAfterATrialThatShowsNothing(FailureClass failure) {
        // Given
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));

        // When
        stack.attempt(MINI, Replies.failed(failure));

        // Then
        assertThat(stack.enterAll(MINI)).hasSize(1);
    }

    @Test
    void shouldNotTakeTheSuccessOfAnOlderCallForOneOfTheTrial() {
        // Given
        Lease old = stack.lease(MINI);
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));

        // When
        stack.end(old, Replies.answered());

        // Then
        assertThat(stack.enterAll(MINI)).hasSize(1);
    }

    @Test
    void shouldGiveTheTrialBackThatWasCancelled() {
        // Given
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));

        // When
        stack.lease(MINI).cancel();

        // Then
        assertThat(stack.enterAll(BIG)).hasSize(1);
    }

    @Test
    void shouldNotWaitForATrialThatHangs() {
        // Given
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));
        Lease hanging = stack.lease(MINI);

        // When
        stack.clock.after(StackFixture.BREAKER.longestProbe());
        Lease second = stack.lease(BIG);

        // Then
        assertThat(stack.look(BIG)).isEqualTo(BUSY);
        stack.end(hanging, Replies.failed(FailureClass.UNKNOWN));
        assertThat(stack.look(BIG)).isEqualTo(BUSY);
        stack.end(second, Replies.answered());
        assertThat(stack.look(BIG)).isEqualTo(OPEN);
    }

    /** A key may be good for one model and not for another. */
    @Test
    void shouldCloseOneTargetForAMinuteWhenItsKeyIsRefused() {
        // When
        stack.attempt(MINI, Replies.failed(FailureClass.CREDENTIALS));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(60)));
        assertThat(stack.look(BIG)).isEqualTo(OPEN);
        assertThat(stack.closings).containsExactly("mini credentials for PT1M");
        assertThat(stack.view(MINI).gate()).isEqualTo("credentials");
        stack.clock.after(Duration.ofSeconds(60));
        assertThat(stack.enterAll(MINI)).hasSize(1);
    }

    @Test
    void shouldNotTrustAKeyAgainOverACallThatWasSentBeforeItsRefusal() {
        // Given
        Lease old = stack.lease(MINI);
        stack.attempt(MINI, Replies.failed(FailureClass.CREDENTIALS));
        stack.clock.after(Duration.ofSeconds(60));

        // When
        stack.end(old, Replies.answered());

        // Then
        assertThat(stack.enterAll(MINI)).hasSize(1);
    }

    @Test
    void shouldCloseTheAccountThatIsOutOfMoneyForFiveMinutesOrAsLongAsItSays() {
        // When
        stack.attempt(MINI, Replies.failed(FailureClass.SPEND_CAPPED));

        // Then
        assertThat(stack.look(BIG)).isEqualTo(closedUntil(in(300)));
        assertThat(stack.closings).containsExactly("mini spend_capped for PT5M");

        // When
        stack.clock.after(Duration.ofMinutes(5));
        stack.attempt(BIG, Replies.failed(FailureClass.SPEND_CAPPED, Duration.ofHours(2)));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(in(7200)));
    }

    /** A tenant may ask for a model that the key may not use, or for more output than the account can pay. */
    @ParameterizedTest
    @EnumSource(names = {"CREDENTIALS", "SPEND_CAPPED"})
    void shouldNotCloseOverRefusalsOfOneTenantAloneWhileAnotherIsAnswered(FailureClass refusal) {
        // Given
        stack.attemptOf("innocent", MINI, Replies.answered());
        stack.attemptOf("asking", MINI, Replies.answered());

        // When
        for (int i = 0; i < 20; i++) {
            stack.attemptOf("asking", MINI, Replies.failed(refusal));
        }

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
        assertThat(stack.view(MINI).gate()).isEqualTo("open");
        assertThat(stack.closings).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CREDENTIALS", "SPEND_CAPPED"})
    void shouldCloseWhenASecondTenantIsRefusedAndNobodyWasAnsweredBetween(FailureClass refusal) {
        // Given
        stack.attemptOf("one", MINI, Replies.answered());
        stack.attemptOf("two", MINI, Replies.answered());
        stack.attemptOf("one", MINI, Replies.failed(refusal));
        stack.attemptOf("three", MINI, Replies.answered());
        stack.attemptOf("two", MINI, Replies.failed(refusal));

        // When / Then
        assertThat(stack.lookAs("two", MINI)).isEqualTo(OPEN);
        stack.attemptOf("one", MINI, Replies.failed(refusal));
        assertThat(stack.lookAs("one", MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREDENTIALS", "SPEND_CAPPED"})
    void shouldCloseOverRefusalsOfOneTenantWhereNobodyElseWasAnsweredLately(FailureClass refusal) {
        // Given
        stack.attemptOf("other", MINI, Replies.answered());
        stack.clock.after(Witnesses.RECENT);

        // When
        stack.attemptOf("only", MINI, Replies.failed(refusal));

        // Then
        assertThat(stack.lookAs("only", MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** Where it is closed already, whoever asked for the refusal keeps it so for nobody. */
    @Test
    void shouldLetOthersInAfterATrialThatOneTenantMadeFail() {
        // Given
        stack.attemptOf("innocent", MINI, Replies.answered());
        stack.attempt(MINI, throttled(5));
        stack.clock.after(Duration.ofSeconds(5));

        // When
        stack.attemptOf("asking", MINI, Replies.failed(FailureClass.SPEND_CAPPED));

        // Then
        assertThat(stack.lookAs("innocent", MINI)).isEqualTo(OPEN);
        stack.attemptOf("innocent", MINI, Replies.answered());
        assertThat(stack.enterAll(MINI)).hasSizeGreaterThan(1);
    }

    @Test
    void shouldKeepToTheRequestsAMinuteOfTheAccount() {
        // Given
        StackFixture limited =
                new StackFixture(target(MINI, "account", 60, 0, 100), target(BIG, "account", 60, 0, 100));

        // When
        int burst = limited.enterAll(MINI).size();

        // Then
        assertThat(burst).isEqualTo(10);
        assertThat(limited.look(BIG)).isEqualTo(closedUntil(FakeClock.START.plusSeconds(1)));
        assertThat(limited.view(BIG).gate()).isEqualTo("rate_limited");
        limited.clock.after(Duration.ofSeconds(3));
        assertThat(limited.enterAll(BIG)).hasSize(3);
    }

    @Test
    void shouldTakeTheLowestLimitThatTargetsOfAnAccountName() {
        // Given
        StackFixture limited = new StackFixture(
                target(MINI, "account", 0, 0, 100),
                target(BIG, "account", 120, 0, 100),
                target("third", "account", 60, 0, 100));

        // When / Then
        assertThat(limited.enterAll(MINI)).hasSize(10);
    }

    @Test
    void shouldCountTokensAndCorrectThemByWhatWasUsed() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));
        assertThat(limited.enter(MINI, 1_000)).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
        limited.clock.after(Duration.ofSeconds(5));

        // When
        if (limited.enter(MINI, 500) instanceof Entry.Entered entered) {
            limited.end(entered.lease(), Replies.answered(new TokenUsage(100, 100, 0, 0)));
        }

        // Then
        assertThat(limited.enter(MINI, 300)).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldGiveBackWhatACancelledCallHadTaken() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 60, 6_000, 100));

        // When
        for (int i = 0; i < 100; i++) {
            if (limited.enter(MINI, 900) instanceof Entry.Entered entered) {
                entered.lease().cancel();
            }
        }

        // Then
        assertThat(limited.enterAll(MINI)).hasSize(10);
    }

    @Test
    void shouldLetACallThroughThatIsLargerThanTheBucketAndPayItOff() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));

        // When
        Entry large = limited.enter(MINI, 4_000);

        // Then
        assertThat(large).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isEqualTo(closedUntil(FakeClock.START.plusMillis(30_010)));
    }

    /** A tenant may write any output cap into a request; the account is others' too. */
    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000_000L, Long.MAX_VALUE})
    void shouldNotCloseTheAccountForLongerThanAMinuteForOneCall(long tokens) {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));

        // When
        limited.enter(MINI, tokens);

        // Then
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
        limited.clock.after(Duration.ofMinutes(1));
        assertThat(limited.look(MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldNotCloseTheAccountForLongerThanAMinuteForTheUsageOfOneCall() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));
        long most = TokenUsage.MAX_TOKENS;

        // When
        limited.attempt(MINI, Replies.answered(new TokenUsage(most, most, 0, 0)));

        // Then
        limited.clock.after(Duration.ofMinutes(1));
        assertThat(limited.look(MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldLetNoneInBeyondTheLimitForACallThatClaimsLessThanNothing() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));

        // When
        for (int i = 0; i < 50; i++) {
            limited.enter(MINI, Long.MIN_VALUE);
        }

        // Then
        assertThat(limited.enter(MINI, 1_000)).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldCountNoMoreThanTheContextOfTheModel() {
        // Given
        StackFixture limited = new StackFixture(StackFixture.withContext(target(MINI, "account", 0, 6_000, 100), 600));

        // When
        limited.enter(MINI, 1_000_000);

        // Then
        assertThat(limited.enter(MINI, 400)).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** What was not billed has used nothing, and a refusal has at most read the prompt. */
    @ParameterizedTest
    @EnumSource(names = {"PERMANENT", "TRANSIENT", "CREDENTIALS", "THROTTLED", "SPEND_CAPPED"})
    void shouldGiveBackTheTokensOfACallThatUsedNone(FailureClass failure) {
        // Given
        StackFixture limited =
                new StackFixture(target(MINI, "account", 0, 6_000, 100), target(BIG, "account", 0, 6_000, 100));
        Lease lease = limited.entered(MINI, 6_000);

        // When
        limited.end(lease, Replies.failed(failure, Duration.ofSeconds(1)));

        // Then
        limited.clock.after(Duration.ofSeconds(1));
        assertThat(limited.look(BIG)).isEqualTo(OPEN);
    }

    @Test
    void shouldGiveBackWhatAFailureSaysWasNotUsed() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));
        Lease lease = limited.entered(MINI, 6_000);

        // When
        limited.end(lease, Replies.billed(FailureClass.UNKNOWN, new TokenUsage(400, 200, 0, 0)));

        // Then
        assertThat(limited.enter(MINI, 400)).isInstanceOf(Entry.Entered.class);
        assertThat(limited.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldKeepCountedWhatMayHaveBeenBilled() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 0, 6_000, 100));
        Lease lease = limited.entered(MINI, 6_000);

        // When
        limited.end(lease, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(limited.view(MINI).gate()).isEqualTo("rate_limited");
    }

    /** A thread that was held up asks with the time at which it last read the clock. */
    @Test
    void shouldKeepToTheRateWhenSomeAskWithATimeThatHasPassed() {
        // Given
        StackFixture limited = new StackFixture(target(MINI, "account", 60, 6_000, 1_000));
        int entered = 0;

        // When
        for (int i = 0; i < 200; i++) {
            Instant read = limited.clock.instant().minusSeconds(i % 2 * 5L);
            entered += limited.targets.enter(MINI, 0, "", 10, read) instanceof Entry.Entered ? 1 : 0;
        }

        // Then
        assertThat(entered).isEqualTo(10);
    }

    @Test
    void shouldStayClosedUntilRetryAfterWhenSomebodyAsksWithATimeThatHasPassed() {
        // Given
        stack.attempt(MINI, throttled(20));
        Instant until = in(20);

        // When
        Availability seen =
                stack.targets.look(List.of(MINI), 0, "", in(-25)).getFirst().availability();
        stack.clock.after(Duration.ofSeconds(1));

        // Then
        assertThat(seen).isEqualTo(closedUntil(until));
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(until));
        assertThat(stack.enter(BIG)).isInstanceOf(Entry.NotNow.class);
    }

    @Test
    void shouldWaitForATrialThatBeganWithATimeThatHasPassed() {
        // Given
        stack.attempt(MINI, throttled(1));
        stack.clock.after(Duration.ofHours(1));

        // When
        Entry trial =
                stack.targets.enter(MINI, 0, "", 1, stack.clock.instant().minus(StackFixture.BREAKER.longestProbe()));

        // Then
        assertThat(trial).isInstanceOf(Entry.Entered.class);
        assertThat(stack.look(MINI)).isEqualTo(BUSY);
    }

    /** Providers may look at a request before they look at its key or the account. */
    @ParameterizedTest
    @EnumSource(names = {"SPEND_CAPPED", "CREDENTIALS"})
    void shouldTakeNoRefusalOfARequestForAnAnswer(FailureClass refusal) {
        // When
        stack.attemptOf("malformed", MINI, Replies.failed(FailureClass.PERMANENT));
        stack.attemptOf("one", MINI, Replies.failed(refusal));

        // Then
        assertThat(stack.closings).hasSize(1);
    }

    @Test
    void shouldStayClosedForNoLongerThanTheClockWasSetBack() {
        // Given
        StackFixture limited =
                new StackFixture(target(MINI, "account", 0, 6_000, 100), target(BIG, "other", 0, 0, 100));
        limited.enter(MINI, 2_000);
        limited.attempt(BIG, throttled(20));
        Duration step = Duration.ofSeconds(5);

        // When
        limited.clock.set(FakeClock.START.minus(step));
        limited.look(MINI);
        limited.look(BIG);
        limited.clock.after(step.plusMillis(10_010));

        // Then
        assertThat(limited.look(MINI)).isEqualTo(OPEN);
        limited.clock.set(FakeClock.START.plusSeconds(20));
        assertThat(limited.look(BIG)).isEqualTo(OPEN);
    }

    /** Scenario 8, of one target: a storm of 429 with Retry-After 5 for a minute. */
    @Test
    void shouldSendOneCallEachTimeThatTheStormAllows() {
        // Given
        StackFixture storm = new StackFixture(target(MINI));
        storm.willReply(throttled(5));

        // When
        for (int tenths = 0; tenths < 600; tenths++) {
            storm.enterAll(MINI).forEach(StackFixture::call);
            storm.clock.after(Duration.ofMillis(100));
        }

        // Then
        assertThat(storm.calls(MINI)).isEqualTo(100 + 11);
        assertThat(storm.breakerNews).isEmpty();
        storm.willReply(Replies.answered());
        StackFixture.call(storm.lease(MINI));
        assertThat(storm.enterAll(MINI)).hasSize(50);
    }
}
