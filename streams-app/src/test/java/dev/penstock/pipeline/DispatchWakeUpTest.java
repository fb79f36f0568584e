package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.parked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.provider.Entry;
import dev.penstock.provider.Targets;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.DueTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dispatch stage is woken when something of what its store holds may go or ends, and not before. */
class DispatchWakeUpTest {

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final String MINUTE = ",\"timeout_ms\":60000";
    private static final Instant IN_A_MINUTE = TestPipeline.START.plusSeconds(60);

    @Test
    void shouldNotBeWokenForABacklogWhoseTenantIsAtItsCap() {
        // Given
        try (TestPipeline pipeline = new TestPipeline("dispatch.tenant_max_in_flight=1")) {
            for (int i = 0; i < 3; i++) {
                pipeline.send("acme", Requests.request("a-" + i, MINUTE));
            }
            pipeline.commit();
            Launch first = pipeline.takeOneLaunched();

            // When
            List<Instant> before = pipeline.wakeUps(Nodes.DISPATCH);
            pipeline.advance(Duration.ofSeconds(1));
            List<Instant> later = pipeline.wakeUps(Nodes.DISPATCH);

            // Then
            assertThat(pipeline.stores().size("calls")).as("two rows for each").isEqualTo(2 * 3);
            assertThat(before).containsExactly(IN_A_MINUTE);
            assertThat(later).containsExactly(IN_A_MINUTE);
            end(pipeline, first);
            assertThat(pipeline.takeLaunched()).hasSize(1);
            assertThat(pipeline.wakeUps(Nodes.DISPATCH)).containsExactly(IN_A_MINUTE);
        }
    }

    @Test
    void shouldBeWokenForWhatHasNoPermitYet() {
        // Given
        try (TestPipeline pipeline = new TestPipeline("dispatch.permits=1")) {
            // When
            pipeline.send("acme", Requests.request("a-1", ""));
            pipeline.send("acme", Requests.request("a-2", ""));
            pipeline.commit();

            // Then
            assertThat(pipeline.wakeUps(Nodes.DISPATCH))
                    .containsExactly(pipeline.now().plus(DueTimes.FLOOR));
        }
    }

    @Test
    void shouldBeWokenWhenACallIsInDoubtAndForNothingOnceItEnded() {
        // Given
        try (TestPipeline pipeline = new TestPipeline()) {
            pipeline.send("acme", Requests.request("a-1", ",\"timeout_ms\":30000"));
            pipeline.commit();
            Launch launch = pipeline.takeOneLaunched();
            List<Instant> inFlight = pipeline.wakeUps(Nodes.DISPATCH);

            // When
            end(pipeline, launch);
            pipeline.advance(Duration.ofMinutes(2));

            // Then
            assertThat(inFlight)
                    .containsExactly(TestPipeline.START.plusSeconds(30).plus(SKEW));
            assertThat(pipeline.stores().size("calls")).isZero();
            assertThat(pipeline.wakeUps(Nodes.DISPATCH)).isEmpty();
        }
    }

    @Test
    void shouldBeWokenWhenAParkedCallIsDueAndWhenItEndsAtTheLatest() {
        // Given
        try (TestPipeline pipeline = new TestPipeline()) {
            pipeline.send("acme", Requests.request("a-1", MINUTE));
            pipeline.send("acme", Requests.request("a-2", MINUTE));
            pipeline.commit();
            List<Launch> launched = pipeline.takeLaunched();
            Instant due = pipeline.now().plusSeconds(20);

            // When
            pipeline.deliver(parked(launched.getFirst(), DeadLetterCode.PROVIDER_THROTTLED, due));
            pipeline.commit();
            List<Instant> parked = pipeline.wakeUps(Nodes.DISPATCH);
            pipeline.deliver(parked(launched.getLast(), DeadLetterCode.PROVIDER_THROTTLED, due.plusSeconds(100)));
            pipeline.advance(Duration.ofSeconds(20));
            pipeline.commit();
            end(pipeline, pipeline.takeOneLaunched());
            pipeline.advance(Duration.ofSeconds(1));

            // Then
            assertThat(parked).containsExactly(due);
            assertThat(pipeline.wakeUps(Nodes.DISPATCH)).containsExactly(IN_A_MINUTE);
        }
    }

    @Test
    void shouldBeWokenUntilItHasCaughtUpIfAnythingWaits() {
        // Given
        String[] capped = {"dispatch.permits=1", "dispatch.tenant_max_in_flight=1"};
        try (TestPipeline pipeline = new TestPipeline(capped)) {
            pipeline.send("acme", Requests.request("a-1", MINUTE));
            pipeline.send("acme", Requests.request("a-2", MINUTE));
            pipeline.commit();
            pipeline.takeOneLaunched();

            // When
            pipeline.restart(new Owner("node-2", "run-1"), capped);
            List<Instant> before = pipeline.wakeUps(Nodes.DISPATCH);
            pipeline.caughtUp();
            pipeline.advance(DueTimes.FLOOR);

            // Then: one is in doubt until its lease is over, and the tenant's cap keeps the other
            assertThat(before).containsExactly(pipeline.now());
            assertThat(pipeline.wakeUps(Nodes.DISPATCH)).containsExactly(IN_A_MINUTE);
        }
    }

    @Test
    void shouldGoSoonAfterARateOpensEarlierThanItWasTo() {
        // Given: a call of another task reserves what the limit makes up for in a minute
        try (TestPipeline pipeline = new TestPipeline(
                "targets.one.base_url=http://127.0.0.1:1",
                "targets.one.tpm_limit=6000",
                "tiers.simple.chain=one",
                "tiers.medium.chain=one",
                "tiers.complex.chain=one")) {
            Targets targets = pipeline.instance().targets();
            Entry other = targets.enter("one", 7, "", 7_000, pipeline.now());
            pipeline.send("acme", Requests.request("a-1", ",\"timeout_ms\":600000"));
            pipeline.commit();
            pipeline.advance(Duration.ofSeconds(5));
            pipeline.commit();
            List<Launch> before = pipeline.takeLaunched();

            // When
            ((Entry.Entered) other).lease().cancel();
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();

            // Then
            assertThat(before).isEmpty();
            assertThat(pipeline.takeLaunched()).hasSize(1);
        }
    }

    private static void end(TestPipeline pipeline, Launch launch) {
        pipeline.endCall(launch);
        pipeline.deliver(answered(launch, "hi"));
        pipeline.commit();
    }
}
