package dev.penstock.provider;

import static dev.penstock.provider.StackFixture.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.config.RetryConfig;
import dev.penstock.schemas.FailureClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets and the attempt plan together, as a runner uses them. */
class TargetsTest {

    private static final String MINI = "mini";
    private static final String HAIKU = "haiku";
    private static final List<String> CHAIN = List.of(MINI, HAIKU);
    private static final RetryConfig RETRY = new RetryConfig(
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            10,
            10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(2),
            20);

    private final StackFixture stack = new StackFixture(target(MINI), target(HAIKU));
    private final AttemptPlan plan = new AttemptPlan(RETRY, new RetryBudget(10, 10));
    private final Instant deadline = FakeClock.START.plus(Duration.ofMinutes(10));

    private Step next(Attempts attempts) {
        return plan.next(
                attempts,
                stack.targets.look(CHAIN, 0, "", stack.clock.instant()),
                deadline,
                stack.clock.instant(),
                0.5);
    }

    private Step afterFailure(FailureClass failure, Attempts attempts) {
        return plan.afterFailure(
                failure,
                attempts,
                stack.targets.look(CHAIN, 0, "", stack.clock.instant()),
                deadline,
                stack.clock.instant(),
                0.5);
    }

    /** Scenario 10: one call, no retry, next target, for this call and for those after it. */
    @ParameterizedTest
    @EnumSource(names = {"SPEND_CAPPED", "CREDENTIALS"})
    void shouldGoToTheNextTargetAfterOneCallToAnAccountThatTakesNone(FailureClass failure) {
        // Given
        stack.attempt(MINI, Replies.failed(failure));
        Attempts attempts = Attempts.NONE.failed(MINI, false, null, stack.clock.instant());

        // When
        Step step = afterFailure(failure, attempts);

        // Then
        assertThat(step).isEqualTo(new Step.Try(HAIKU, stack.clock.instant(), Step.Kind.FALLBACK));
        stack.attempt(HAIKU, Replies.answered());
        for (int i = 0; i < 59; i++) {
            assertThat(next(Attempts.NONE))
                    .isInstanceOfSatisfying(
                            Step.Try.class,
                            attempt -> assertThat(attempt.target()).isEqualTo(HAIKU));
            stack.clock.after(Duration.ofSeconds(1));
        }
        assertThat(stack.calls(MINI)).isEqualTo(1);
    }

    /** Scenario 9, in small: everything waits until the first target can be asked again, and then a few go first. */
    @Test
    void shouldParkEverythingWhileAllTargetsAreDownAndComeBackWithProbes() {
        // Given
        stack.attempts(5, MINI, Replies.failed(FailureClass.TRANSIENT));
        stack.clock.after(Duration.ofSeconds(10));
        stack.attempts(5, HAIKU, Replies.failed(FailureClass.TRANSIENT));

        // When
        Step step = next(Attempts.NONE);

        // Then
        Instant reopening = FakeClock.START.plusSeconds(60);
        assertThat(step).isEqualTo(new Step.Park(reopening.plusMillis(250), Step.Reason.CLOSED));

        // When
        stack.clock.set(reopening.plusMillis(250));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            steps.add(next(Attempts.NONE));
            stack.enter(MINI);
        }

        // Then
        assertThat(steps.subList(0, 3)).allMatch(Step.Try.class::isInstance);
        assertThat(steps.subList(3, 20)).containsOnly(new Step.Park(stack.clock.instant(), Step.Reason.BUSY));
    }

    @Test
    void shouldLeaveTargetsOutThatTheConfigurationNoLongerHas() {
        // When
        List<TargetView> views = stack.targets.look(List.of("gone", HAIKU), 0, "", stack.clock.instant());

        // Then
        assertThat(views).extracting(TargetView::name).containsExactly(HAIKU);
        assertThat(stack.targets.look(stack.clock.instant()))
                .extracting(TargetView::name)
                .containsExactly(MINI, HAIKU);
        assertThatThrownBy(() -> stack.enter("gone"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gone");
    }

    /** An answer that was paid for must not get lost because nobody could be told of a breaker. */
    @Test
    void shouldKeepTheReplyWhenTheListenerFails() throws InterruptedException {
        // Given
        TargetListener broken = new TargetListener() {
            @Override
            public void breaker(String target, String from, String to, Instant at) {
                throw new IllegalStateException("a mistake");
            }

            @Override
            public void closed(String target, FailureClass why, Instant until, Instant at) {
                throw new OutOfMemoryError("scripted");
            }
        };
        AtomicInteger closed = new AtomicInteger();
        ProviderReply reply = Replies.failed(FailureClass.THROTTLED, Duration.ofSeconds(1));
        Targets targets = new Targets(
                List.of(target(MINI)),
                StackFixture.BREAKER,
                config -> new Provider() {
                    @Override
                    public ProviderReply call(ProviderCall call) {
                        return reply;
                    }

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                },
                new SimpleMeterRegistry(),
                stack.clock,
                broken);

        // When
        Entry entry = targets.enter(MINI, 0, "", 1, stack.clock.instant());

        // Then
        assertThat(entry).isInstanceOf(Entry.Entered.class);
        if (entry instanceof Entry.Entered entered) {
            assertThat(entered.lease().call(StackFixture.call())).isSameAs(reply);
        }
        targets.close();
        assertThat(closed).hasValue(1);
    }
}
