package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two targets for one chain, of which one cannot be given some of the calls: those stand in nobody's way, and are not forgotten. */
class HeadOfLineTest {

    private static final String CANNOT_FIT = "one:" + DeadLetterCode.TRIMMING_CANNOT_FIT.reason();
    private static final Duration TICK = Duration.ofMillis(100);

    private TestPipeline pipeline = open();

    private static TestPipeline open(String... more) {
        return new TestPipeline(Stream.concat(
                        Stream.of(
                                "targets.one.base_url=http://127.0.0.1:1",
                                "targets.two.base_url=http://127.0.0.1:1",
                                "targets.two.max_concurrency=1",
                                "tiers.simple.chain=one",
                                "tiers.medium.chain=one,two",
                                "tiers.complex.chain=two"),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldLetCallsGoToAnOpenTargetPastOneThatItCannotBeGiven() {
        // Given
        oneWaitsForTheBusyTarget("normal");

        // When
        send("acme", 5);

        // Then
        assertThat(pipeline.takeLaunched())
                .extracting(launch ->
                        launch.ticket().customId() + "@" + launch.state().target())
                .containsExactlyInAnyOrder("y-0@one", "y-1@one", "y-2@one", "y-3@one", "y-4@one");
    }

    @Test
    void shouldLetOtherTenantsGoPastAMoreUrgentCallThatCannot() {
        // Given
        oneWaitsForTheBusyTarget("interactive");

        // When
        send("beta", 500);

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(500);
    }

    @Test
    void shouldKeepNoPermitsForCallsThatOnlyABusyTargetIsLeftFor() {
        // Given
        pipeline.close();
        pipeline = open("dispatch.permits=12", "dispatch.tenant_max_in_flight=0");
        oneWaitsForTheBusyTarget("normal");

        // When
        send("acme", 20);
        for (int tick = 0; tick < 10; tick++) {
            pipeline.advance(TICK);
            pipeline.commit();
        }

        // Then
        assertThat(pipeline.permits().inUse()).isEqualTo(12);
        assertThat(pipeline.permits().unused()).isZero();
    }

    @Test
    void shouldCountAttemptsAnewWhereOnlyTheTargetsThatAreLeftAreUsedUp() {
        // Given
        send("acme", 1);
        Launch launch = pipeline.takeOneLaunched();
        String down = "two:" + DeadLetterCode.PROVIDER_UNAVAILABLE.reason();

        // When
        end(
                launch,
                parked(
                        launch,
                        pipeline.now().plusSeconds(15),
                        DeadLetterCode.PROVIDER_UNAVAILABLE,
                        CANNOT_FIT,
                        down,
                        down,
                        down));
        seconds(120);

        // Then
        assertThat(pipeline.takeOneLaunched().state().target()).isEqualTo("two");
    }

    @Test
    void shouldLetCallsGoPastOneThatHasUsedUpItsAttemptsWhereTheyMayGo() {
        // Given
        send("acme", 2);
        List<Launch> launched = pipeline.takeLaunched();
        Launch placed = launched.getFirst();
        end(placed, parked(placed, pipeline.now(), DeadLetterCode.TRIMMING_CANNOT_FIT, CANNOT_FIT));
        assertThat(pipeline.takeOneLaunched().state().target()).isEqualTo("two");

        // When
        end(launched.getLast(), usedUp(launched.getLast(), pipeline.now().plusSeconds(15)));
        send("beta", 5);
        List<Launch> others = pipeline.takeLaunched();
        seconds(14);
        List<Launch> early = pipeline.takeLaunched();
        seconds(1);

        // Then
        assertThat(others)
                .extracting(launch -> launch.state().target())
                .containsOnly("one")
                .hasSize(5);
        assertThat(early).isEmpty();
        Launch again = pipeline.takeOneLaunched();
        assertThat(again.ticket().customId()).isEqualTo("y-1");
        assertThat(again.state().target()).isEqualTo("one");
    }

    @Test
    void shouldTryAgainAfterARoundThoughAnotherTargetStaysClosed() {
        // Given
        send("acme", 2);
        List<Launch> launched = pipeline.takeLaunched();
        closeTheSecondTarget(launched.getFirst());

        // When
        end(launched.getLast(), usedUp(launched.getLast(), pipeline.now().plusSeconds(15)));
        seconds(15);

        // Then
        assertThat(pipeline.takeOneLaunched().state().target()).isEqualTo("one");
    }

    @Test
    void shouldCountAttemptsAnewWhereTheConfigurationHasFewerTargetsThanTheChain() {
        // Given
        send("acme", 1);
        Launch launch = pipeline.takeOneLaunched();
        end(launch, usedUp(launch, pipeline.now().plusSeconds(15)));

        // When
        pipeline.restart(
                new Owner("node-1", "run-3"),
                "targets.one.base_url=http://127.0.0.1:1",
                "tiers.simple.chain=one",
                "tiers.medium.chain=one",
                "tiers.complex.chain=one");
        pipeline.caughtUp();
        seconds(60);

        // Then
        assertThat(pipeline.takeOneLaunched().state().target()).isEqualTo("one");
    }

    private Outcome usedUp(Launch launch, Instant notBefore) {
        String down = "one:" + DeadLetterCode.PROVIDER_UNAVAILABLE.reason();
        return parked(launch, notBefore, DeadLetterCode.PROVIDER_UNAVAILABLE, down, down, down);
    }

    /** A call that cannot be given to the first target is turned away by the second one. */
    private void closeTheSecondTarget(Launch launch) {
        end(launch, parked(launch, pipeline.now(), DeadLetterCode.TRIMMING_CANNOT_FIT, CANNOT_FIT));
        Launch there = pipeline.takeOneLaunched();
        assertThat(there.state().target()).isEqualTo("two");
        pipeline.answerWith(call -> new ProviderReply.Failed(
                FailureClass.THROTTLED,
                DeadLetterCode.PROVIDER_THROTTLED,
                429,
                false,
                Duration.ofHours(1),
                "status 429",
                null));
        pipeline.call(there);
        pipeline.permits().returned(there.partition());
        pipeline.deliver(OutcomeFixtures.failed(there, DeadLetterCode.PROVIDER_THROTTLED, false));
        pipeline.commit();
    }

    private void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }
    }

    /** The configuration still has the other target of its chain, which said that it cannot be given the call. */
    @Test
    void shouldEndACallWhoseOnlyTargetLeftIsNotConfiguredAnyMore() {
        // Given
        oneWaitsForTheBusyTarget("normal");

        // When
        pipeline.restart(
                new Owner("node-1", "run-3"),
                "targets.one.base_url=http://127.0.0.1:1",
                "tiers.simple.chain=one",
                "tiers.medium.chain=one",
                "tiers.complex.chain=one");
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(Requests.codes(pipeline.deadLetters())).containsOnly("tiering.no_target");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    /** The first call has the only place of the second target, and the next one waits for it. */
    private void oneWaitsForTheBusyTarget(String priority) {
        for (int call = 0; call < 2; call++) {
            pipeline.send("acme", request("x-" + call, ",\"priority\":\"" + priority + "\""));
            pipeline.commit();
            Launch launch = pipeline.takeLaunched().getLast();
            assertThat(launch.state().target()).isEqualTo("one");
            end(launch, parked(launch, pipeline.now(), DeadLetterCode.TRIMMING_CANNOT_FIT, CANNOT_FIT));
        }
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .allMatch("two"::equals);
    }

    private void send(String tenant, int calls) {
        for (int call = 0; call < calls; call++) {
            pipeline.send(tenant, request("y-" + call, ",\"timeout_ms\":3600000"));
        }
        pipeline.commit();
    }

    private static String request(String id, String more) {
        return TenCentFlow.request(id, "tier:medium", more);
    }

    private void end(Launch launch, Outcome outcome) {
        pipeline.endCall(launch);
        pipeline.deliver(outcome);
        pipeline.commit();
    }

    private Outcome parked(Launch launch, Instant notBefore, DeadLetterCode last, String... attempts) {
        List<AttemptReport> reports = new ArrayList<>();
        for (String attempt : attempts) {
            int colon = attempt.indexOf(':');
            reports.add(new AttemptReport(attempt.substring(0, colon), attempt.substring(colon + 1), 3));
        }
        return new Outcome(
                launch.ticket().id().toString(),
                launch.number(),
                launch.ticket().tenant(),
                launch.owner().toString(),
                Outcome.Kind.PARKED,
                null,
                new Outcome.Failure(FailureClass.TRANSIENT, last, null, false, null, "x"),
                notBefore,
                reports.getLast().target(),
                "m-1",
                launch.route().tier(),
                null,
                reports,
                pipeline.now(),
                pipeline.now(),
                null,
                0);
    }
}
