package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Request;
import dev.penstock.work.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One launch over the real provider stack, two targets that do what the test says, and a clock that stands still. */
class CallAttemptsTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of(
            "targets.one.base_url=http://127.0.0.1:1",
            "targets.two.base_url=http://127.0.0.1:1",
            "targets.two.model=other-model",
            "targets.two.timeout=7s",
            "targets.two.max_output_tokens=99",
            "tiers.simple.chain=one,two",
            "tiers.medium.chain=one,two",
            "tiers.complex.chain=one,two",
            "retry.base=1ms",
            "retry.cap=2ms",
            "retry.longest_wait=1s");
    private static final Route ROUTE = new Route("medium", List.of("one", "two"), null, Duration.ofSeconds(20));

    private final Instant now = Calls.NOW;
    private final Map<String, Deque<ProviderReply>> replies = new HashMap<>();
    private final List<ProviderCall> calls = new ArrayList<>();
    private final Targets targets = RunnerFixtures.targets(CONFIG, target -> new Scripted(target.name()), () -> now);
    private final CallAttempts attempts = RunnerFixtures.attempts(CONFIG, targets, () -> now);
    private boolean mayGoOn = true;

    @Test
    void shouldFallBackWithinTheLaunchWhenNothingCanHaveBeenBilled() {
        // Given
        reply("one", unavailable());
        reply("two", ScriptedProvider.answer());

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(outcome.provider()).isEqualTo("two");
        assertThat(outcome.model()).isEqualTo("other-model");
        assertThat(outcome.attempts())
                .extracting(AttemptReport::target, AttemptReport::outcome)
                .containsExactly(tuple("one", "unavailable"), tuple("two", "ok"));
    }

    @Test
    void shouldSendEachTargetItsOwnModelCapAndTimeoutAndOneKeyForAll() {
        // Given
        reply("one", unavailable());
        reply("two", ScriptedProvider.answer());

        // When
        work(Progress.NONE);

        // Then
        assertThat(calls)
                .extracting(ProviderCall::timeout)
                .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(7));
        assertThat(calls).extracting(ProviderCall::isHurried).containsOnly(false);
        assertThat(calls).extracting(ProviderCall::idempotencyKey).containsOnly("hash-1");
        assertThat(calls)
                .extracting(ProviderCall::tenant)
                .containsOnly(Calls.ticket(1).tenant());
        assertThat(calls.getLast().body().path("model").asString()).isEqualTo("other-model");
        assertThat(calls.getLast().body().path("max_completion_tokens").asInt()).isEqualTo(99);
    }

    @Test
    void shouldAskTheNextTargetWhereOneGivesLessInAMinuteThanTheRequestAsksFor() {
        // Given
        reply("one", failed(FailureClass.PERMANENT, DeadLetterCode.PROVIDER_REQUEST_TOO_LARGE, false, null));
        reply("two", ScriptedProvider.answer());

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(targets.look(List.of("one"), 0, "", now)
                        .getFirst()
                        .availability()
                        .isOpen())
                .isTrue();
    }

    @Test
    void shouldSayOfEachTargetWhetherItIsGivenLessTimeThanUsual() {
        // Given
        reply("one", unavailable());
        reply("two", ScriptedProvider.answer());

        // When
        work(Calls.requestWithin(Duration.ofSeconds(10)), Progress.NONE, now.plusSeconds(100));

        // Then
        assertThat(calls)
                .extracting(ProviderCall::timeout, ProviderCall::isHurried)
                .containsExactly(tuple(Duration.ofSeconds(10), true), tuple(Duration.ofSeconds(10), false));
    }

    @Test
    void shouldHandBackWhatMayHaveBeenBilledAndTryNothingElse() {
        // Given
        reply("one", failed(FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, true, null));

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(calls).hasSize(1);
    }

    @Test
    void shouldTryEachTargetThreeTimesAndThenParkTheCall() {
        // Given
        for (int i = 0; i < 3; i++) {
            reply("one", unavailable());
            reply("two", unavailable());
        }

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.PARKED);
        assertThat(outcome.attempts())
                .extracting(AttemptReport::target)
                .containsExactly("one", "two", "one", "two", "one", "two");
        assertThat(Objects.requireNonNull(outcome.notBefore()))
                .isAfter(now.plus(CONFIG.retry().longestWait()));
        assertThat(Objects.requireNonNull(outcome.failure()).code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
    }

    @Test
    void shouldParkUntilTheTimeThatEveryTargetAskedFor() {
        // Given
        reply("one", throttled(Duration.ofSeconds(30)));
        reply("two", throttled(Duration.ofSeconds(20)));

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.PARKED);
        assertThat(calls).hasSize(2);
        assertThat(Objects.requireNonNull(outcome.notBefore()))
                .isBetween(now.plusSeconds(20), now.plusSeconds(20).plusMillis(500));
    }

    @Test
    void shouldNotRetryWhatIsWrongWithTheRequest() {
        // Given
        reply("one", failed(FailureClass.PERMANENT, DeadLetterCode.PROVIDER_BAD_REQUEST, false, null));

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(calls).hasSize(1);
    }

    @Test
    void shouldGoToATargetThatUnderstandsWhatAnotherCannotBeGiven() {
        // Given
        reply("one", untranslatable());
        reply("two", ScriptedProvider.answer());

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(outcome.provider()).isEqualTo("two");
    }

    @Test
    void shouldEndACallThatNoTargetCanBeGiven() {
        // Given
        reply("one", untranslatable());
        reply("two", untranslatable());

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(Objects.requireNonNull(outcome.failure()).code()).isEqualTo(DeadLetterCode.PROVIDER_UNTRANSLATABLE);
        assertThat(calls).hasSize(2);
    }

    @Test
    void shouldGoToTheNextTargetWhenAKeyIsRefusedAndNotComeBack() {
        // Given
        reply("one", failed(FailureClass.CREDENTIALS, DeadLetterCode.PROVIDER_CREDENTIALS, false, null));
        reply("two", ScriptedProvider.answer());
        reply("two", ScriptedProvider.answer());

        // When
        Outcome first = work(Progress.NONE);

        // Then
        assertThat(first.provider()).isEqualTo("two");
        assertThat(targets.look(List.of("one"), 0, "", now)
                        .getFirst()
                        .availability()
                        .isOpen())
                .isFalse();
    }

    @Test
    void shouldGiveTheCallBackWhenItsTaskHasLeft() {
        // Given
        reply("one", unavailable());
        mayGoOn = false;

        // When
        Outcome outcome = work(Progress.NONE);

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.PARKED);
        assertThat(outcome.notBefore()).isEqualTo(now);
        assertThat(calls).hasSize(1);
    }

    @Test
    void shouldBeginNoAttemptThatCouldOutlastItsLease() {
        // Given
        reply("one", unavailable());

        // When
        Outcome outcome = work(Progress.NONE, now.plusSeconds(6));

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.PARKED);
        assertThat(calls).hasSize(1);
    }

    @Test
    void shouldGiveEveryPlaceBack() {
        // Given
        reply("one", unavailable());
        reply("two", ScriptedProvider.answer());

        // When
        work(Progress.NONE);

        // Then
        for (int i = 0; i < CONFIG.targets().getFirst().maxConcurrency(); i++) {
            RunnerFixtures.lease(targets, "two", now);
        }
    }

    private Outcome work(Progress progress) {
        return work(progress, now.plusSeconds(100));
    }

    private Outcome work(Progress progress, Instant leaseUntil) {
        return work(Calls.request(1), progress, leaseUntil);
    }

    private Outcome work(Request request, Progress progress, Instant leaseUntil) {
        Launch launch = new Launch(
                Calls.ticket(1),
                "hash-1",
                request,
                ROUTE,
                progress,
                0,
                1,
                new CallState.Dispatched(Calls.SELF, "one", now.plusSeconds(10), leaseUntil),
                10,
                RunnerFixtures.lease(targets, "one", now));
        return attempts.work(launch, new HeldPlace(launch.lease()), () -> mayGoOn);
    }

    private void reply(String target, ProviderReply reply) {
        replies.computeIfAbsent(target, name -> new ArrayDeque<>()).add(reply);
    }

    private static ProviderReply untranslatable() {
        return failed(FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNTRANSLATABLE, false, null);
    }

    private static ProviderReply unavailable() {
        return failed(FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_UNAVAILABLE, false, null);
    }

    private static ProviderReply throttled(Duration retryAfter) {
        return failed(FailureClass.THROTTLED, DeadLetterCode.PROVIDER_THROTTLED, false, retryAfter);
    }

    private static ProviderReply failed(
            FailureClass failureClass, DeadLetterCode code, boolean billed, @Nullable Duration retryAfter) {
        return new ProviderReply.Failed(failureClass, code, null, billed, retryAfter, "as the test says", null);
    }

    private final class Scripted implements Provider {

        private final String name;

        Scripted(String name) {
            this.name = name;
        }

        @Override
        public ProviderReply call(ProviderCall call) {
            calls.add(call);
            return Objects.requireNonNull(replies.get(name)).remove();
        }

        @Override
        public void close() {}
    }
}
