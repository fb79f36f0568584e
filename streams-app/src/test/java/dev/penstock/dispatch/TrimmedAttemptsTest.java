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
import dev.penstock.schemas.Trim;
import dev.penstock.work.Origin;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** One launch whose prompt is measured for each target; the fitting says what the test wants. */
class TrimmedAttemptsTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of(
            "targets.one.base_url=http://127.0.0.1:1",
            "targets.one.context_tokens=1000",
            "targets.two.base_url=http://127.0.0.1:1",
            "targets.two.context_tokens=2000",
            "targets.two.max_output_tokens=99",
            "tiers.simple.chain=one,two",
            "tiers.medium.chain=one,two",
            "tiers.complex.chain=one,two");
    private static final Route ROUTE = new Route("medium", List.of("one", "two"), null, Duration.ofSeconds(20));

    private final Instant now = Calls.NOW;
    private final List<ProviderCall> calls = new ArrayList<>();
    private final Deque<ProviderReply> replies = new ArrayDeque<>();
    private final Room room = new Room();
    private final Targets targets = RunnerFixtures.targets(CONFIG, target -> new Scripted(), () -> now);
    private final CallAttempts attempts = RunnerFixtures.attempts(CONFIG, targets, room, () -> now);

    @Test
    void shouldSendWhatFitsTheTargetAndSayWhatWasCut() {
        // Given
        room.cut = 7;
        replies.add(ScriptedProvider.answer());

        // When
        Outcome outcome = work();

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(outcome.trimmedTokens()).isEqualTo(7);
        assertThat(calls.getFirst().body().path("cut").asInt()).isEqualTo(7);
        assertThat(room.asked).containsExactly("1000-4096");
    }

    @Test
    void shouldGoToATargetWithMoreRoom() {
        // Given
        room.needed = 1500;
        replies.add(ScriptedProvider.answer());

        // When
        Outcome outcome = work();

        // Then
        assertThat(outcome.provider()).isEqualTo("two");
        assertThat(calls).hasSize(1);
        assertThat(outcome.attempts())
                .extracting(AttemptReport::target, AttemptReport::outcome)
                .containsExactly(tuple("one", "cannot_fit"), tuple("two", "ok"));
    }

    @Test
    void shouldFailAndCallNobodyWhenNoTargetHasRoom() {
        // Given
        room.needed = 5000;

        // When
        Outcome outcome = work();

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.failure())
                .isEqualTo(new Outcome.Failure(
                        FailureClass.PERMANENT, DeadLetterCode.TRIMMING_CANNOT_FIT, null, false, null, "too long"));
        assertThat(calls).isEmpty();
    }

    @Test
    void shouldTryOnceMoreWithLessWhenTheProviderCountsMoreThanWeDo() {
        // Given
        replies.add(tooLong());
        replies.add(ScriptedProvider.answer());

        // When
        Outcome outcome = work();

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.ANSWERED);
        assertThat(outcome.provider()).isEqualTo("one");
        assertThat(outcome.trimmedTokens()).isEqualTo(11);
        assertThat(calls).hasSize(2);
        assertThat(calls.getLast().body().path("cut").asInt()).isEqualTo(11);
    }

    @Test
    void shouldNotTryAThirdTime() {
        // Given
        replies.add(tooLong());
        replies.add(tooLong());

        // When
        Outcome outcome = work();

        // Then
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(calls).hasSize(2);
    }

    /** Shortened, it could lose the line where a member begins. */
    @Test
    void shouldNotShortenAPromptThatRequestsShare() {
        // Given
        room.cut = 7;

        // When
        Outcome cut = work(shared());
        room.cut = 0;
        replies.add(tooLong());
        Outcome refused = work(shared());

        // Then
        assertThat(Objects.requireNonNull(cut.failure()).code()).isEqualTo(DeadLetterCode.TRIMMING_CANNOT_FIT);
        assertThat(Objects.requireNonNull(refused.failure()).code()).isEqualTo(DeadLetterCode.PROVIDER_CONTEXT_LENGTH);
        assertThat(calls).hasSize(1);
    }

    private static Ticket shared() {
        Ticket own = Calls.ticket(1);
        Origin origin = new Origin(own.id().ofSharedCall(), 0, 0, null);
        return new Ticket(
                origin, own.tenant(), "batch", null, own.priority(), own.inDoubt(), own.admittedAt(), own.deadline());
    }

    @Test
    void shouldGiveThePlaceBackOfAPromptThatCannotFit() {
        // Given
        room.needed = 5000;

        // When
        work();

        // Then
        for (int i = 0; i < CONFIG.targets().getFirst().maxConcurrency(); i++) {
            RunnerFixtures.lease(targets, "one", now);
        }
    }

    private Outcome work() {
        return work(Calls.ticket(1));
    }

    private Outcome work(Ticket ticket) {
        Launch launch = new Launch(
                ticket,
                "hash-1",
                Calls.request(1),
                ROUTE,
                Progress.NONE,
                0,
                1,
                new CallState.Dispatched(Calls.SELF, "one", now.plusSeconds(10), now.plusSeconds(100)),
                10,
                RunnerFixtures.lease(targets, "one", now));
        return attempts.work(launch, new HeldPlace(launch.lease()), () -> true);
    }

    private static ProviderReply tooLong() {
        return new ProviderReply.Failed(
                FailureClass.PERMANENT, DeadLetterCode.PROVIDER_CONTEXT_LENGTH, 400, false, null, "too long", null);
    }

    /** Cuts as many tokens as it is told, and notes what it is asked. */
    private static final class Room implements PromptFitting {

        private final List<String> asked = new ArrayList<>();
        private long cut;
        private long needed;

        @Override
        public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
            asked.add(contextTokens + "-" + outputCap);
            return needed > contextTokens
                    ? new Fit.CannotFit("too long")
                    : new Fit.Sendable(body.deepCopy().put("cut", cut), cut);
        }

        @Override
        public Fit shorter(String target, ObjectNode refused) {
            return new Fit.Sendable(refused.deepCopy().put("cut", 11), 11);
        }
    }

    private final class Scripted implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) {
            calls.add(call);
            return replies.remove();
        }

        @Override
        public void close() {}
    }
}
