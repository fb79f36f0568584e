package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.Entry;
import dev.penstock.provider.Lease;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Wherever a launch breaks, and with whatever: one outcome, and its place and its permit are free again. */
@Timeout(60)
class ReleasedPlacesTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of(
            "targets.one.model=m-1",
            "targets.one.max_concurrency=1",
            "targets.two.model=m-2",
            "targets.two.max_concurrency=1",
            "tiers.simple.chain=one,two",
            "tiers.medium.chain=one,two",
            "tiers.complex.chain=one,two",
            "provider.name=one",
            "retry.base=1ms",
            "retry.cap=2ms");
    private static final Route ROUTE = new Route("medium", List.of("one", "two"), "m-1", Duration.ofSeconds(60));
    private static final int PARTITION = 3;
    /** More than a launch ever asks the time. */
    private static final int READINGS = 60;

    private final Permits permits = new Permits(1);
    private final List<Outcome> published = new CopyOnWriteArrayList<>();
    private Targets targets = targets();
    private Supplier<ProviderReply> reply = ScriptedProvider::answer;

    private Targets targets() {
        return RunnerFixtures.targets(CONFIG, target -> new ScriptedProvider(call -> reply()), () -> Calls.NOW);
    }

    private ProviderReply reply() {
        return reply.get();
    }

    static Stream<Throwable> thrown() {
        return Stream.of(new OutOfMemoryError(), new StackOverflowError(), new IllegalStateException("not quoted"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void shouldGiveThePlaceBackWhenAPromptCannotEvenBeMeasured(Throwable thrown) throws InterruptedException {
        // Given
        PromptFitting broken = new Fitting(() -> thrown, () -> null);

        // When
        run(broken, () -> Calls.NOW);

        // Then
        assertAllFree();
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void shouldGiveThePlaceBackWhenAPromptCannotBeShortened(Throwable thrown) throws InterruptedException {
        // Given
        reply = () -> failed(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, FailureClass.PERMANENT);

        // When
        run(new Fitting(() -> null, () -> thrown), () -> Calls.NOW);

        // Then
        assertAllFree();
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void shouldGiveThePlaceBackWhenTheProviderCodeBreaks(Throwable thrown) throws InterruptedException {
        // Given
        reply = () -> {
            throw raised(thrown);
        };

        // When
        run(new Fitting(() -> null, () -> null), () -> Calls.NOW);

        // Then
        assertAllFree();
    }

    /** The time is asked for between all steps of a launch, so whichever reading fails is a break in another place. */
    @Test
    void shouldGiveThePlaceBackWhicheverStepBreaks() throws InterruptedException {
        for (int broken = 0; broken < READINGS; broken++) {
            // Given
            published.clear();
            targets = targets();
            reply = () -> failed(DeadLetterCode.PROVIDER_UNAVAILABLE, FailureClass.TRANSIENT);
            int breaksAt = broken;
            int[] readings = new int[1];
            InstantSource clock = () -> {
                if (readings[0]++ == breaksAt) {
                    throw new OutOfMemoryError();
                }
                return Calls.NOW;
            };

            // When
            run(new Fitting(() -> null, () -> null), clock);

            // Then
            assertAllFree();
        }
    }

    @Test
    void shouldGiveThePlaceBackWhenNoThreadCanBeStarted() {
        // Given
        VirtualThreadCallRunner runner = new VirtualThreadCallRunner(
                RunnerFixtures.attempts(CONFIG, targets, () -> Calls.NOW),
                (partition, outcome, receipt) -> published.add(outcome),
                permits,
                () -> Calls.NOW,
                (launch, work) -> {
                    throw new OutOfMemoryError("unable to create a thread");
                });

        // When
        launch(runner);

        // Then
        assertFree();
        assertThat(published).isEmpty();
        assertThat(runner.holds(Calls.id(1), 1))
                .as("not taken for one that never left")
                .isTrue();
        assertThat(runner.runs(Calls.id(1), 1))
                .as("in doubt when its lease is over")
                .isFalse();
        assertThat(runner.inFlight()).isZero();
    }

    @Test
    void shouldLeaveToDoubtWhatItsThreadDiesOf() throws InterruptedException {
        // Given
        VirtualThreadCallRunner runner = new VirtualThreadCallRunner(
                RunnerFixtures.attempts(CONFIG, targets, () -> Calls.NOW),
                (partition, outcome, receipt) -> {
                    throw new OutOfMemoryError();
                },
                permits,
                () -> Calls.NOW);

        // When
        launch(runner);
        assertThat(runner.awaitIdle(Duration.ofSeconds(30))).isTrue();

        // Then
        assertFree();
        assertThat(runner.holds(Calls.id(1), 1)).isTrue();
        assertThat(runner.runs(Calls.id(1), 1)).isFalse();
    }

    private void run(PromptFitting fitting, InstantSource clock) throws InterruptedException {
        VirtualThreadCallRunner runner = new VirtualThreadCallRunner(
                RunnerFixtures.attempts(CONFIG, targets, fitting, clock),
                (partition, outcome, receipt) -> {
                    published.add(outcome);
                    receipt.written();
                },
                permits,
                clock);
        launch(runner);
        assertThat(runner.awaitIdle(Duration.ofSeconds(30))).isTrue();
    }

    private void launch(VirtualThreadCallRunner runner) {
        runner.assigned(PARTITION);
        assertThat(permits.tryAcquire(PARTITION)).isTrue();
        Launch launch = new Launch(
                Calls.ticket(1),
                "hash",
                request(),
                ROUTE,
                Progress.NONE,
                PARTITION,
                1,
                new CallState.Dispatched(Calls.SELF, "one", Calls.NOW.plusSeconds(10), Calls.NOW.plusSeconds(85)),
                100,
                RunnerFixtures.lease(targets, "one", Calls.NOW));
        runner.prepare(launch);
        runner.launch(launch);
    }

    private static Request request() {
        return Calls.request(1).trimmedAs(new Trim(1_000));
    }

    private void assertAllFree() {
        assertThat(published).hasSize(1);
        assertFree();
    }

    private void assertFree() {
        assertThat(permits.inUse()).isZero();
        List<Lease> taken = new ArrayList<>();
        for (String target : List.of("one", "two")) {
            Entry entry = targets.enter(target, 0, "", 1, Calls.NOW);
            assertThat(entry).as(target).isInstanceOf(Entry.Entered.class);
            taken.add(((Entry.Entered) entry).lease());
        }
        taken.forEach(Lease::cancel);
    }

    private static ProviderReply failed(DeadLetterCode code, FailureClass failure) {
        return new ProviderReply.Failed(failure, code, 503, false, null, "scripted", null);
    }

    private static RuntimeException raised(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }

    private record Fitting(Supplier<@Nullable Throwable> onFit, Supplier<@Nullable Throwable> onShorter)
            implements PromptFitting {

        @Override
        public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
            breakOff(onFit.get());
            return new Fit.Sendable(body, 0);
        }

        @Override
        public Fit shorter(String target, ObjectNode refused) {
            breakOff(onShorter.get());
            return new Fit.Sendable(refused, 1);
        }

        private static void breakOff(@Nullable Throwable thrown) {
            if (thrown != null) {
                throw raised(thrown);
            }
        }
    }
}
