package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.BREAKER;
import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails or is refused for what few tenants ask closes a target to them; where many fail, it closes to all. */
class OneTenantsFailuresTest {

    private static final String MINI = "mini";
    private static final Availability OPEN = new Availability.Open();
    private static final Availability BUSY = new Availability.Busy();

    private final StackFixture stack = new StackFixture(target(MINI));

    private void fails(String tenant, int times) {
        for (int i = 0; i < times; i++) {
            stack.attemptOf(tenant, MINI, Replies.failed(FailureClass.TRANSIENT));
        }
    }

    private Instant in(Duration time) {
        return stack.clock.instant().plus(time);
    }

    private static Availability closedUntil(Instant until) {
        return new Availability.ClosedUntil(until);
    }

    private List<Lease> enterAllAs(String tenant) {
        List<Lease> leases = new ArrayList<>();
        while (stack.enterAs(tenant, MINI) instanceof Entry.Entered entered) {
            leases.add(entered.lease());
        }
        return leases;
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "UNKNOWN", "CREDENTIALS", "SPEND_CAPPED"})
    void shouldLetAnotherTryAtOnceWhatOneTenantClosed(FailureClass failure) {
        // Given nobody was answered yet
        for (int i = 0;
                i < BREAKER.consecutiveFailures()
                        && stack.lookAs("poisoner", MINI).isOpen();
                i++) {
            stack.attemptOf("poisoner", MINI, Replies.failed(failure));
        }
        assertThat(stack.lookAs("poisoner", MINI)).isInstanceOf(Availability.ClosedUntil.class);

        // When
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(OPEN);
        stack.attemptOf("victim", MINI, Replies.answered());

        // Then
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(OPEN);
        assertThat(stack.lookAs("third", MINI)).isEqualTo(OPEN);
        assertThat(stack.view(MINI).gate()).isEqualTo("open");
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "CREDENTIALS", "SPEND_CAPPED"})
    void shouldKeepThoseOutThatWereProvedToBeAlone(FailureClass failure) {
        // Given
        while (stack.lookAs("poisoner", MINI).isOpen()) {
            stack.attemptOf("poisoner", MINI, Replies.failed(failure));
        }
        Availability before = stack.lookAs("poisoner", MINI);

        // When
        stack.attemptOf("victim", MINI, Replies.answered());

        // Then
        assertThat(stack.lookAs("poisoner", MINI)).isEqualTo(before);
        stack.clock.after(RateGate.SPEND_CAPPED_FOR);
        assertThat(stack.lookAs("poisoner", MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldLetNoMoreTryAtOnceThanThereAreProbes() {
        // Given
        fails("poisoner", BREAKER.consecutiveFailures());

        // When
        List<Lease> trials = enterAllAs("victim");

        // Then
        assertThat(trials).hasSize(BREAKER.probes());
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(BUSY);
        trials.forEach(Lease::cancel);
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(OPEN);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "CREDENTIALS", "SPEND_CAPPED"})
    void shouldCloseToAllOnceAThirdTenantFails(FailureClass failure) {
        // Given
        for (String tenant : List.of("one", "two", "three")) {
            for (int i = 0;
                    i < BREAKER.consecutiveFailures()
                            && stack.lookAs(tenant, MINI).isOpen();
                    i++) {
                stack.attemptOf(tenant, MINI, Replies.failed(failure));
            }
        }

        // When / Then
        assertThat(stack.lookAs("four", MINI)).isInstanceOf(Availability.ClosedUntil.class);
        assertThat(stack.lookAs(null, MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @Test
    void shouldOpenToAllAtOnceWhenManyTenantsFail() {
        // Given
        List.of("one", "two", "three", "one", "two").forEach(tenant -> fails(tenant, 1));

        // When / Then
        assertThat(stack.lookAs("four", MINI)).isEqualTo(closedUntil(in(BREAKER.openFor())));
    }

    @Test
    void shouldLookClosedWhileOnlyThoseHaveWorkThatFail() {
        // Given
        fails("only", BREAKER.consecutiveFailures());
        assertThat(stack.lookAs(null, MINI)).isInstanceOf(Availability.ClosedUntil.class);

        // When
        stack.lookAs("other", MINI);

        // Then
        assertThat(stack.lookAs(null, MINI)).isEqualTo(OPEN);
        stack.clock.after(Suspects.SEEN_FOR.minus(BREAKER.openFor()));
        stack.clock.after(BREAKER.openFor().minusSeconds(1));
        assertThat(stack.lookAs("only", MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldProbeAsSoonAsItMayWhereOneTenantIsAlone() {
        // Given
        fails("only", BREAKER.consecutiveFailures());
        Instant opens = in(BREAKER.openFor());

        // When
        stack.clock.after(BREAKER.openFor().minusMillis(1));
        assertThat(stack.lookAs("only", MINI)).isEqualTo(closedUntil(opens));
        stack.clock.after(Duration.ofMillis(1));

        // Then
        assertThat(enterAllAs("only")).hasSize(BREAKER.probes());
    }

    @Test
    void shouldLeaveTheFirstProbesToThoseWhoseCallsDidNotFail() {
        // Given three tenants, so that all wait, and one that has work
        List.of("one", "two", "one", "three", "one").forEach(tenant -> fails(tenant, 1));
        stack.lookAs("victim", MINI);
        Instant opens = in(BREAKER.openFor());

        // When
        stack.clock.after(BREAKER.openFor());

        // Then
        assertThat(stack.lookAs("one", MINI)).isEqualTo(closedUntil(opens.plus(Suspects.TURN.multipliedBy(3))));
        assertThat(stack.lookAs("three", MINI)).isEqualTo(closedUntil(opens.plus(Suspects.TURN.multipliedBy(2))));
        assertThat(stack.lookAs("two", MINI)).isEqualTo(closedUntil(opens.plus(Suspects.TURN)));
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldTakeTurnsAtTheTrialAfterThrottling() {
        // Given
        ProviderReply throttled = RateGateTargetTest.throttled(5);
        stack.attemptOf("victim", MINI, throttled);
        stack.clock.after(Duration.ofSeconds(5));
        stack.attemptOf("poisoner", MINI, throttled);
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(closedUntil(in(Duration.ofSeconds(5))));
        Instant opens = in(Duration.ofSeconds(5));

        // When
        stack.clock.after(Duration.ofSeconds(5));

        // Then
        assertThat(stack.lookAs("poisoner", MINI)).isEqualTo(closedUntil(opens.plus(Suspects.TURN)));
        stack.attemptOf("victim", MINI, Replies.answered());
        assertThat(stack.lookAs("poisoner", MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldLetATrialOfThoseThatFailedGoWhereTheOthersDoNotCome() {
        // Given
        List.of("one", "two", "one", "three", "one").forEach(tenant -> fails(tenant, 1));

        // When
        stack.clock.after(BREAKER.openFor().plus(Suspects.TURN.multipliedBy(3)));

        // Then
        assertThat(stack.lookAs("one", MINI)).isEqualTo(OPEN);
    }

    @Test
    void shouldAnswerAThirdWhateverTwoNamesAreRefused() {
        // Given / When
        int closed = 0;
        for (int second = 0; second < 600; second++) {
            for (String name : List.of("mallory-1", "mallory-2")) {
                if (stack.lookAs(name, MINI).isOpen()) {
                    stack.attemptOf(name, MINI, Replies.failed(FailureClass.CREDENTIALS));
                }
            }
            if (stack.lookAs("victim", MINI).isOpen()) {
                stack.attemptOf("victim", MINI, Replies.answered());
            } else {
                closed++;
            }
            stack.clock.after(Duration.ofSeconds(1));
        }

        // Then
        assertThat(closed).isZero();
    }

    @Test
    void shouldAnswerAThirdWhateverTwoNamesMakeFail() {
        // Given / When
        int closed = 0;
        for (int second = 0; second < 600; second++) {
            for (String name : List.of("mallory-1", "mallory-2")) {
                for (int i = 0; i < 20 && stack.lookAs(name, MINI).isOpen(); i++) {
                    fails(name, 1);
                }
            }
            if (stack.lookAs("victim", MINI).isOpen()) {
                stack.attemptOf("victim", MINI, Replies.answered());
            } else {
                closed++;
            }
            stack.clock.after(Duration.ofSeconds(1));
        }

        // Then
        assertThat(closed).isZero();
        assertThat(stack.breakerNews).as("changes in ten minutes").hasSizeLessThan(60);
    }

    /** It is what opens the breaker, as a second tenant that fails, and yet no more than any call may do. */
    @Test
    void shouldNotKeepOutWhoFailedOnceAmongManyFailuresOfAnother() {
        // Given
        stack.attemptOf("victim", MINI, Replies.answered());
        fails("poisoner", BREAKER.consecutiveFailures());
        assertThat(stack.lookAs("poisoner", MINI)).isEqualTo(OPEN);

        // When
        fails("victim", 1);

        // Then
        assertThat(stack.lookAs("poisoner", MINI)).isInstanceOf(Availability.ClosedUntil.class);
        assertThat(stack.lookAs("victim", MINI)).isEqualTo(OPEN);
        fails("victim", 1);
        assertThat(stack.lookAs("victim", MINI)).isInstanceOf(Availability.ClosedUntil.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREDENTIALS", "SPEND_CAPPED"})
    void shouldNotOpenAGateBeforeItsTimeOverARequestThatWasRefused(FailureClass failure) {
        // Given
        stack.attemptOf("one", MINI, Replies.failed(failure));
        String before = stack.view(MINI).gate();

        // When
        stack.attemptOf("other", MINI, Replies.failed(FailureClass.PERMANENT));

        // Then
        assertThat(stack.view(MINI).gate()).isEqualTo(before).isNotEqualTo("open");
        stack.attemptOf("other", MINI, Replies.answered());
        assertThat(stack.view(MINI).gate()).isEqualTo("open");
    }

    @Test
    void shouldNotOpenForALateAnswerOfACallFromBefore() {
        // Given
        if (!(stack.enterAs("victim", MINI) instanceof Entry.Entered before)) {
            throw new AssertionError("closed");
        }
        fails("poisoner", BREAKER.consecutiveFailures());

        // When
        stack.end(before.lease(), Replies.answered());

        // Then
        assertThat(stack.view(MINI).breaker()).isEqualTo("open");
    }
}
