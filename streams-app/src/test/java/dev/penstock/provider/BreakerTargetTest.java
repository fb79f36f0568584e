package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.BREAKER;
import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.BreakerConfig;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BreakerTargetTest {

    private static final String MINI = "mini";

    private final StackFixture stack = new StackFixture(target(MINI));

    private static Availability closedUntil(Instant until) {
        return new Availability.ClosedUntil(until);
    }

    private static final Availability OPEN = new Availability.Open();
    private static final Availability BUSY = new Availability.Busy();

    private void trip() {
        stack.attempts(BREAKER.consecutiveFailures(), MINI, Replies.failed(FailureClass.TRANSIENT));
    }

    private void recover() {
        stack.clock.after(BREAKER.openFor());
        stack.attempts(BREAKER.probes(), MINI, Replies.answered());
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "UNKNOWN"})
    void shouldOpenAfterARunOfFailures(FailureClass failure) {
        // Given
        stack.attempts(BREAKER.consecutiveFailures() - 1, MINI, Replies.failed(failure));
        assertThat(stack.look(MINI)).isEqualTo(OPEN);

        // When
        stack.attempt(MINI, Replies.failed(failure));

        // Then
        Instant until = FakeClock.START.plus(BREAKER.openFor());
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(until));
        assertThat(stack.enter(MINI)).isEqualTo(new Entry.NotNow(closedUntil(until)));
        assertThat(stack.breakerNews).containsExactly("mini closed -> open");
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
    }

    @Test
    void shouldCountARunAnewAfterASuccess() {
        // Given
        stack.attempts(BREAKER.consecutiveFailures() - 1, MINI, Replies.failed(FailureClass.UNKNOWN));
        stack.attempt(MINI, Replies.answered());

        // When
        stack.attempts(BREAKER.consecutiveFailures() - 1, MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldNotTakeCallsThatBeganTogetherAndTimeOutTogetherForARun() {
        // Given
        List<Lease> slow = new ArrayList<>();
        for (int i = 0; i < BREAKER.consecutiveFailures(); i++) {
            slow.add(stack.lease(MINI));
        }
        stack.clock.after(Duration.ofMillis(100));
        stack.attempt(MINI, Replies.answered());

        // When
        stack.clock.after(Duration.ofSeconds(30));
        slow.forEach(lease -> stack.end(lease, Replies.failed(FailureClass.UNKNOWN)));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
    }

    /** One call in ten fails at once, the others are answered later: that is neither a run nor a rate. */
    @Test
    void shouldWaitForSlowAnswersBesideQuickFailures() {
        // Given
        StackFixture wide = new StackFixture(target(MINI, MINI, 0, 0, 1_000));
        List<Lease> slow = new ArrayList<>();

        // When
        for (int i = 0; i < 1_000; i++) {
            Lease lease = wide.lease(MINI);
            if (i % 10 == 0) {
                wide.end(lease, Replies.failed(FailureClass.TRANSIENT));
            } else {
                slow.add(lease);
            }
        }
        slow.forEach(lease -> wide.end(lease, Replies.answered()));

        // Then
        assertThat(wide.breakerNews).isEmpty();
    }

    @Test
    void shouldSeeARunBesideSlowCallsThatBeganEarlier() {
        // Given
        stack.attempt(MINI, Replies.answered());
        List<Lease> slow = List.of(stack.lease(MINI), stack.lease(MINI), stack.lease(MINI));

        // When
        trip();

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
        slow.forEach(lease -> stack.end(lease, Replies.answered()));
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
    }

    @Test
    void shouldOpenAtARateThoughSomeStillRun() {
        // Given
        List<Lease> running = List.of(stack.lease(MINI), stack.lease(MINI), stack.lease(MINI));
        for (int i = 0; i < 9; i++) {
            stack.attempt(MINI, Replies.answered());
            stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));
        }
        stack.attempts(2, MINI, Replies.failed(FailureClass.UNKNOWN));
        assertThat(stack.look(MINI)).as("11 of 20, and 3 that run").isEqualTo(OPEN);

        // When
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.view(MINI).breaker()).as("12 of 21, and 3 that run").isEqualTo("open");
        running.forEach(Lease::cancel);
    }

    @Test
    void shouldOpenAtARateOfFailuresOnceTwentyCallsAreKnown() {
        // Given
        for (int i = 0; i < 9; i++) {
            stack.attempt(MINI, Replies.answered());
            stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));
        }
        stack.attempt(MINI, Replies.answered());
        assertThat(stack.look(MINI)).isEqualTo(OPEN);

        // When
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** Eighty of a hundred were answered at once, the others time out together: that is a rate of 20 %. */
    @Test
    void shouldTakeTheRateOfCallsThatBeganTogether() {
        // Given
        List<Lease> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(stack.lease(MINI));
        }
        stack.attempts(80, MINI, Replies.answered());

        // When
        stack.clock.after(BREAKER.window().minusSeconds(1));
        slow.forEach(lease -> stack.end(lease, Replies.failed(FailureClass.UNKNOWN)));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldForgetWhatIsOlderThanTheWindow() {
        // Given
        stack.attempts(80, MINI, Replies.answered());
        List<Lease> running = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            running.add(stack.lease(MINI));
        }
        stack.attempt(MINI, Replies.answered());

        // When
        stack.clock.after(BREAKER.window());
        running.forEach(lease -> stack.end(lease, Replies.failed(FailureClass.UNKNOWN)));

        // Then
        assertThat(stack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** A rate of 15 %, for minutes. */
    @Test
    void shouldStayClosedForAProviderThatFailsNowAndThen() {
        // Given
        Random luck = new Random(15);

        // When
        for (int i = 0; i < 20_000; i++) {
            Lease early = stack.lease(MINI);
            stack.attempt(MINI, Replies.answered());
            boolean fails = luck.nextInt(100) < 15;
            stack.end(early, fails ? Replies.failed(FailureClass.UNKNOWN) : Replies.answered());
            stack.clock.after(Duration.ofMillis(10));
        }

        // Then
        assertThat(stack.breakerNews).isEmpty();
    }

    @Test
    void shouldSeeTheRateAfterTheClockWasSetBack() {
        // Given
        BreakerConfig brief = StackFixture.breaker(Duration.ofSeconds(10), 3, Duration.ofSeconds(30));
        StackFixture briefStack = new StackFixture(brief, new SimpleMeterRegistry(), target(MINI));
        briefStack.attempt(MINI, Replies.answered());

        // When
        briefStack.clock.set(FakeClock.START.minus(Duration.ofHours(5)));
        for (int i = 0; i < 9; i++) {
            briefStack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));
            briefStack.attempt(MINI, Replies.answered());
        }
        briefStack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(briefStack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldSeeARunAfterTheClockWasSetBack() {
        // Given
        stack.attempt(MINI, Replies.answered());
        stack.clock.set(FakeClock.START.minus(Duration.ofHours(5)));

        // When
        trip();

        // Then
        assertThat(stack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** How long an attempt may take is for each request to say; the target is others' too. */
    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "UNKNOWN"})
    void shouldNotOpenOverRequestsThatGiveItLessTimeThanIsUsual(FailureClass failure) throws InterruptedException {
        // Given
        stack.willReply(Replies.outOfTime(failure));

        // When
        for (int i = 0; i < 100; i++) {
            stack.lease(MINI).call(hurried());
        }

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
        assertThat(stack.breakerNews).isEmpty();
    }

    @Test
    void shouldGiveTheProbeBackOfARequestThatGivesItLessTimeThanIsUsual() throws InterruptedException {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        stack.willReply(Replies.outOfTime(FailureClass.UNKNOWN));

        // When
        for (int i = 0; i < 2 * BREAKER.probes(); i++) {
            stack.lease(MINI).call(hurried());
        }

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
        stack.attempts(BREAKER.probes(), MINI, Replies.answered());
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @Test
    void shouldCountOtherFailuresOfRequestsThatGiveItLessTimeThanIsUsual() throws InterruptedException {
        // Given
        stack.willFail(FailureClass.TRANSIENT);

        // When
        for (int i = 0; i < BREAKER.consecutiveFailures(); i++) {
            stack.lease(MINI).call(hurried());
        }

        // Then
        assertThat(stack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldOpenOverRequestsThatGiveItAllItsTime() {
        // When
        stack.attempts(BREAKER.consecutiveFailures(), MINI, Replies.outOfTime(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.look(MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    /** A probe holds its place no longer than others, and that its request has so much patience is no failure. */
    @Test
    void shouldNotOpenOverProbesWhoseRequestsGiveThemMoreTimeThanIsUsual() throws InterruptedException {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        stack.willDo(call -> {
            stack.clock.after(BREAKER.longestProbe());
            assertThat(stack.look(MINI)).isEqualTo(OPEN);
            return Replies.outOfTime(FailureClass.UNKNOWN);
        });

        // When
        for (int i = 0; i < 2 * BREAKER.probes(); i++) {
            stack.lease(MINI).call(within(Duration.ofHours(1)));
        }

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
        stack.attempts(BREAKER.probes(), MINI, Replies.answered());
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    /** What one tenant asks may take longer than the target has, or make it fail. */
    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "UNKNOWN"})
    void shouldNotOpenOverFailuresOfOneTenantAloneWhileAnotherIsAnswered(FailureClass failure) {
        // Given
        stack.attemptOf("innocent", MINI, Replies.answered());

        // When
        for (int i = 0; i < 100; i++) {
            stack.attemptOf("asking", MINI, Replies.failed(failure));
        }

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
        assertThat(stack.breakerNews).isEmpty();
    }

    @Test
    void shouldOpenOverARunOfOneTenantOnceAnotherFailsToo() {
        // Given
        stack.attemptOf("other", MINI, Replies.answered());
        for (int i = 0; i < BREAKER.consecutiveFailures(); i++) {
            stack.attemptOf("one", MINI, Replies.failed(FailureClass.UNKNOWN));
        }

        // When
        stack.attemptOf("other", MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.lookAs("one", MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldOpenOverARunOfOneTenantWhereNobodyElseWasAnsweredLately() {
        // Given
        stack.attemptOf("other", MINI, Replies.answered());
        stack.clock.after(BREAKER.window());

        // When
        for (int i = 0; i < BREAKER.consecutiveFailures(); i++) {
            stack.attemptOf("one", MINI, Replies.failed(FailureClass.UNKNOWN));
        }

        // Then
        assertThat(stack.lookAs("one", MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    private static ProviderCall hurried() {
        return within(Duration.ofMillis(1));
    }

    private static ProviderCall within(Duration timeout) {
        return StackFixture.callWithin(timeout);
    }

    /** The lesson: 429 must not trip a breaker. Nor does a refused key, an empty account or a bad request. */
    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "CREDENTIALS", "SPEND_CAPPED", "PERMANENT"})
    void shouldNotCountWhatIsNoFaultOfTheTarget(FailureClass failure) {
        // When
        for (int i = 0; i < 200; i++) {
            stack.attempt(MINI, Replies.failed(failure, Duration.ofSeconds(1)));
            stack.clock.after(Duration.ofMinutes(5));
        }

        // Then
        assertThat(stack.breakerNews).isEmpty();
        assertThat(stack.view(MINI).breaker()).isEqualTo("closed");
    }

    @Test
    void shouldNotEndARunForACallThatWasTurnedAway() {
        // Given
        stack.attempts(BREAKER.consecutiveFailures() - 1, MINI, Replies.failed(FailureClass.TRANSIENT));
        stack.attempt(MINI, Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(1)));
        stack.clock.after(Duration.ofSeconds(1));

        // When
        stack.attempt(MINI, Replies.failed(FailureClass.TRANSIENT));

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
    }

    @Test
    void shouldLetABoundedNumberOfProbesThrough() {
        // Given
        trip();

        // When
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);

        // Then
        assertThat(probes).hasSize(BREAKER.probes());
        assertThat(stack.look(MINI)).isEqualTo(BUSY);
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
    }

    @Test
    void shouldCloseAfterAsManySuccessesAsProbes() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);

        // When
        probes.forEach(probe -> stack.end(probe, Replies.answered()));

        // Then
        assertThat(stack.breakerNews)
                .containsExactly("mini closed -> open", "mini open -> half_open", "mini half_open -> closed");
    }

    /** One of three is no rate of a half: a provider that fails now and then is back all the same. */
    @Test
    void shouldCloseThoughOneProbeOfThreeFails() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);

        // When
        stack.end(probes.get(0), Replies.failed(FailureClass.TRANSIENT));
        stack.end(probes.get(1), Replies.answered());
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
        stack.end(probes.get(2), Replies.answered());

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 1, 1", "3, 2, 1", "30, 15, 15"})
    void shouldOpenAgainWhenHalfOfTheProbesFail(int probes, int failures, int answers) {
        // Given
        BreakerConfig config = StackFixture.breaker(Duration.ofSeconds(60), probes, Duration.ofSeconds(30));
        StackFixture probed = new StackFixture(config, new SimpleMeterRegistry(), target(MINI));
        probed.attempts(config.consecutiveFailures(), MINI, Replies.failed(FailureClass.TRANSIENT));
        probed.clock.after(config.openFor());

        // When
        probed.attempts(answers, MINI, Replies.answered());
        probed.attempts(failures - 1, MINI, Replies.failed(FailureClass.TRANSIENT));
        assertThat(probed.look(MINI)).isEqualTo(OPEN);
        probed.attempt(MINI, Replies.failed(FailureClass.TRANSIENT));

        // Then
        assertThat(probed.look(MINI))
                .isEqualTo(closedUntil(probed.clock.instant().plus(config.openFor())));
    }

    @Test
    void shouldCloseThoughOneProbeOfThreeHangs() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);
        stack.end(probes.get(1), Replies.answered());
        stack.end(probes.get(2), Replies.answered());
        assertThat(stack.look(MINI)).isEqualTo(BUSY);

        // When
        stack.clock.after(BREAKER.longestProbe());

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @Test
    void shouldNotTakeFailedProbesForARun() {
        // Given
        BreakerConfig config = new BreakerConfig(
                1,
                50,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                3,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
        StackFixture probed = new StackFixture(config, new SimpleMeterRegistry(), target(MINI));
        probed.attempt(MINI, Replies.failed(FailureClass.TRANSIENT));
        probed.clock.after(config.openFor());
        probed.attempts(2, MINI, Replies.answered());

        // When
        probed.attempt(MINI, Replies.failed(FailureClass.TRANSIENT));

        // Then
        assertThat(probed.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @Test
    void shouldCountAProbeThatHungOnce() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        Lease hanging = stack.lease(MINI);
        stack.clock.after(BREAKER.longestProbe());
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");

        // When
        stack.end(hanging, Replies.failed(FailureClass.UNKNOWN));
        stack.attempts(BREAKER.probes() - 1, MINI, Replies.answered());

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @Test
    void shouldTakeAProbeForHungThatEndsAfterItsTime() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);

        // When
        stack.clock.after(BREAKER.longestProbe());
        probes.forEach(probe -> stack.end(probe, Replies.answered()));

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
    }

    /** Scenario 11. */
    @Test
    void shouldRecoverFromAProbeThatHangs() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> hanging = stack.enterAll(MINI);

        // When
        stack.clock.after(BREAKER.longestProbe());

        // Then
        Instant until = stack.clock.instant().plus(BREAKER.openFor());
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(until));

        // When
        recover();

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
        hanging.forEach(probe -> stack.end(probe, Replies.failed(FailureClass.UNKNOWN)));
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    @Test
    void shouldGiveTheProbeBackThatWasCancelledInterruptedOrTurnedAway() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        List<Lease> probes = stack.enterAll(MINI);

        // When
        probes.get(0).cancel();
        stack.willDo(call -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> probes.get(1).call(StackFixture.call())).isInstanceOf(InterruptedException.class);
        stack.willDo(call -> {
            throw new IllegalStateException("a mistake of ours");
        });
        assertThatThrownBy(() -> probes.get(2).call(StackFixture.call())).isInstanceOf(IllegalStateException.class);

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
        assertThat(stack.enterAll(MINI)).hasSize(BREAKER.probes());
    }

    @Test
    void shouldNotSpendAProbeOnACallThatTheGateTurnsAway() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor());
        stack.attempt(MINI, Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(5)));

        // When
        for (int i = 0; i < 10; i++) {
            assertThat(stack.enter(MINI)).isInstanceOf(Entry.NotNow.class);
        }

        // Then
        stack.clock.after(Duration.ofSeconds(5));
        stack.attempts(BREAKER.probes(), MINI, Replies.answered());
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
    }

    /** Threads read the clock at different times: who looks may have read it before the breaker closed. */
    @Test
    void shouldGetAllCallsAtOnceWithoutARampAlsoForAnEarlierReading() {
        // Given
        BreakerConfig noRamp = new BreakerConfig(
                5, 50, Duration.ofSeconds(60), Duration.ofSeconds(60), 3, Duration.ofSeconds(30), Duration.ZERO);
        StackFixture plain = new StackFixture(noRamp, new SimpleMeterRegistry(), target(MINI));
        plain.attempts(noRamp.consecutiveFailures(), MINI, Replies.failed(FailureClass.TRANSIENT));
        plain.clock.after(noRamp.openFor());
        Instant earlier = plain.clock.instant();
        plain.clock.after(Duration.ofMillis(1));
        plain.attempts(noRamp.probes(), MINI, Replies.answered());

        // When
        Availability seen =
                plain.targets.look(List.of(MINI), 0, "", earlier).getFirst().availability();

        // Then
        assertThat(seen).isEqualTo(OPEN);
        assertThat(plain.view(MINI).breaker()).isEqualTo("closed");
        assertThat(plain.enterAll(MINI)).hasSize(100);
    }

    /** The lesson: ramp up after recovery. */
    @Test
    void shouldLetMoreCallsInMomentByMomentAfterClosing() {
        // Given
        trip();
        recover();

        // When
        int first = stack.enterAll(MINI).size();
        stack.clock.after(BREAKER.rampUp().dividedBy(2));
        int halfWay = first + stack.enterAll(MINI).size();
        stack.clock.after(BREAKER.rampUp().dividedBy(2));
        int all = halfWay + stack.enterAll(MINI).size();

        // Then
        assertThat(first).isEqualTo(BREAKER.probes());
        assertThat(halfWay).isBetween(45, 55);
        assertThat(all).isEqualTo(100);
    }

    @Test
    void shouldIgnoreCallsThatBeganBeforeItOpened() {
        // Given
        List<Lease> stragglers = List.of(stack.lease(MINI), stack.lease(MINI), stack.lease(MINI), stack.lease(MINI));
        trip();
        Instant until = FakeClock.START.plus(BREAKER.openFor());

        // When
        stack.clock.after(Duration.ofSeconds(30));
        stack.end(stragglers.get(0), Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(until));

        // When
        stack.clock.set(until);
        Lease probe = stack.lease(MINI);
        stack.end(stragglers.get(1), Replies.failed(FailureClass.UNKNOWN));
        stragglers.get(2).cancel();
        stack.end(stragglers.get(3), Replies.answered());

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
        probe.cancel();
        assertThat(stack.enterAll(MINI)).hasSize(BREAKER.probes());
    }

    @Test
    void shouldLetNoneInBeforeTheTimeAndOneAtTheTime() {
        // Given
        trip();

        // When
        stack.clock.set(FakeClock.START.plus(BREAKER.openFor()).minusNanos(1));
        Entry early = stack.enter(MINI);
        stack.clock.set(FakeClock.START.plus(BREAKER.openFor()));
        Entry onTime = stack.enter(MINI);

        // Then
        assertThat(early).isInstanceOf(Entry.NotNow.class);
        assertThat(onTime).isInstanceOf(Entry.Entered.class);
    }

    /** By more than a few seconds it is not set back: an instance ends then. */
    @Test
    void shouldStayOpenForNoLongerThanTheClockWasSetBack() {
        // Given
        trip();
        Duration step = Duration.ofSeconds(5);

        // When
        stack.clock.set(FakeClock.START.minus(step));
        stack.look(MINI);
        stack.clock.after(BREAKER.openFor().plus(step));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(OPEN);
    }

    /** A thread that was held up asks with the time at which it last read the clock. */
    @Test
    void shouldStayOpenWhenSomebodyAsksWithATimeThatHasPassed() {
        // Given
        trip();

        // When
        stack.targets.look(List.of(MINI), 0, "", FakeClock.START.minus(BREAKER.openFor()));
        stack.clock.after(Duration.ofSeconds(1));

        // Then
        assertThat(stack.look(MINI)).isEqualTo(closedUntil(FakeClock.START.plus(BREAKER.openFor())));
    }

    @Test
    void shouldRampUpNoSoonerWhenSomebodyAsksWithATimeThatHasPassed() {
        // Given
        trip();
        recover();

        // When
        stack.targets.look(List.of(MINI), 0, "", stack.clock.instant().minus(BREAKER.rampUp()));
        stack.clock.after(Duration.ofMillis(1));

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("ramping_up");
        assertThat(stack.enterAll(MINI)).hasSize(BREAKER.probes());
    }

    @Test
    void shouldNotHoldAProbeForHungThatBeganWithATimeThatHasPassed() {
        // Given
        trip();
        stack.clock.after(BREAKER.openFor().multipliedBy(2));

        // When
        Instant read = stack.clock.instant().minus(BREAKER.longestProbe());
        for (int i = 0; i < BREAKER.probes(); i++) {
            assertThat(stack.targets.enter(MINI, 0, "", 1, read)).isInstanceOf(Entry.Entered.class);
        }

        // Then
        assertThat(stack.look(MINI)).isEqualTo(BUSY);
        assertThat(stack.view(MINI).breaker()).isEqualTo("half_open");
    }

    @Test
    void shouldExpectNothingOfCallsThatBeganBeforeItOpened() {
        // Given
        for (int i = 0; i < 40; i++) {
            stack.lease(MINI);
        }
        trip();
        recover();
        stack.clock.after(BREAKER.rampUp());

        // When
        stack.attempts(8, MINI, Replies.answered());
        for (int i = 0; i < 3; i++) {
            stack.attempts(3, MINI, Replies.failed(FailureClass.UNKNOWN));
            stack.attempt(MINI, Replies.answered());
        }
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));
        assertThat(stack.look(MINI)).as("10 of 21").isEqualTo(OPEN);
        stack.attempt(MINI, Replies.failed(FailureClass.UNKNOWN));

        // Then
        assertThat(stack.view(MINI).breaker()).as("11 of 22").isEqualTo("open");
    }

    /** Resilience4j runs a timer of its own while half-open, on the machine's clock. */
    @Test
    void shouldFollowTheBackstopOfTheHalfOpenState() {
        // Given
        BreakerConfig quick = new BreakerConfig(
                5, 50, Duration.ofSeconds(60), Duration.ofMillis(2), 3, Duration.ofMillis(2), Duration.ofSeconds(30));
        StackFixture quickStack = new StackFixture(quick, new SimpleMeterRegistry(), target(MINI));
        quickStack.attempts(5, MINI, Replies.failed(FailureClass.TRANSIENT));
        quickStack.clock.after(quick.openFor());
        quickStack.attempt(MINI, Replies.answered());
        assertThat(quickStack.view(MINI).breaker()).isEqualTo("half_open");

        // When / Then
        await().until(() -> quickStack.look(MINI) instanceof Availability.ClosedUntil);
        quickStack.clock.after(quick.openFor());
        quickStack.attempts(3, MINI, Replies.answered());
        assertThat(quickStack.view(MINI).breaker()).isEqualTo("ramping_up");
    }
}
