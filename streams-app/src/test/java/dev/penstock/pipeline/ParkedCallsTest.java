package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.OutcomeFixtures.parked;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that waits instead of dying: after failures, until targets open, and over restarts. */
class ParkedCallsTest {

    private static final String[] TWO_TARGETS = {
        "targets.one.base_url=http://127.0.0.1:1",
        "targets.two.base_url=http://127.0.0.1:1",
        "tiers.simple.chain=one",
        "tiers.medium.chain=one,two",
        "tiers.complex.chain=two",
        "retry.base=1s",
        "retry.park_base=20s",
        "retry.park_cap=20s",
        "retry.max_billed_attempts=4"
    };

    private final WireCodec codec = new WireCodec();
    private final TestPipeline pipeline = new TestPipeline(TWO_TARGETS);

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldGoToTheNextTargetAtOnceAfterAnAttemptThatMayHaveBeenBilledAndChargeIt() throws Exception {
        // Given
        Launch first = launched("auto", "");

        // When
        end(first, timedOut(first));
        Launch second = pipeline.takeOneLaunched();
        end(second, answered(second, "hi"));

        // Then
        Result result = codec.readResult(only(pipeline.results()).value());
        assertThat(result.penstock().provider()).isEqualTo("two");
        assertThat(result.penstock().tier()).isEqualTo("medium");
        assertThat(result.penstock().attempts())
                .extracting(AttemptReport::target)
                .containsExactly("one", "two");
        assertThat(statuses()).containsExactly(UsageEvent.Status.UNKNOWN, UsageEvent.Status.BILLED);
    }

    @Test
    void shouldBackOffBeforeItTriesATargetAgain() {
        // Given
        Launch only = launched("tier:simple", "");

        // When
        end(only, timedOut(only));

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
    }

    @Test
    void shouldRestAsLongAsItsRunnerSaysAndNotLonger() {
        // Given
        Launch launch = launched("auto", "");

        // When
        end(
                launch,
                parked(launch, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(30)));
        pipeline.advance(Duration.ofSeconds(29));
        pipeline.commit();
        List<Launch> before = pipeline.takeLaunched();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.usage()).isEmpty();
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldStillRestAfterARestart() {
        // Given
        Launch launch = launched("auto", "");
        end(
                launch,
                parked(launch, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(30)));

        // When
        pipeline.restart(new Owner("node-1", "run-3"), TWO_TARGETS);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(29));
        pipeline.commit();
        List<Launch> before = pipeline.takeLaunched();
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(pipeline.takeOneLaunched().progress().made()).isEqualTo(1);
    }

    @Test
    void shouldCountWhatIsParkedAndSinceWhen() {
        // Given
        Launch launch = launched("auto", "");

        // When
        end(
                launch,
                parked(launch, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(30)));
        pipeline.advance(Duration.ofSeconds(4));

        // Then
        assertThat(pipeline.waiting().parked()).isEqualTo(1);
        assertThat(pipeline.waiting().oldestParkedSeconds(pipeline.now())).isEqualTo(4);
    }

    @Test
    void shouldEndAtItsDeadlineAndSayWhatItsLastAttemptMet() {
        // Given
        Launch launch = launched("auto", ",\"timeout_ms\":10000");

        // When
        end(
                launch,
                parked(launch, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(10)));
        pipeline.advance(Duration.ofSeconds(10));

        // Then
        var letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("dispatch.deadline");
        assertThat(header(letter, "llm.dlq.retryable")).isEqualTo("true");
        assertThat(header(letter, "llm.dlq.detail")).contains("provider.throttled");
        assertThat(header(letter, "llm.dlq.attempts")).isEqualTo("1");
    }

    @Test
    void shouldGiveUpAfterAsManyAttemptsAsMayBeBilled() throws Exception {
        // Given
        pipeline.send("acme", "{\"custom_id\":\"a-1\",\"body\":{\"model\":\"auto\",\"messages\":[]}}");
        pipeline.commit();

        // When
        int calls = 0;
        for (int second = 0; second < 200 && pipeline.deadLetters().isEmpty(); second++) {
            for (Launch launch : pipeline.takeLaunched()) {
                calls++;
                end(launch, timedOut(launch));
            }
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }

        // Then
        assertThat(calls).isEqualTo(4);
        assertThat(statuses()).hasSize(4).containsOnly(UsageEvent.Status.UNKNOWN);
    }

    @Test
    void shouldEndAtOnceWhatNoAttemptCanMend() {
        // Given
        Launch launch = launched("auto", "");

        // When
        end(launch, failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("provider.bad_request");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldRefuseATierThatDoesNotExistAndNameThoseThatDo() {
        // When
        pipeline.send("acme", "{\"custom_id\":\"a-1\",\"body\":{\"model\":\"tier:gold\",\"messages\":[]}}");

        // Then
        var letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("tiering.unknown_tier");
        assertThat(header(letter, "llm.dlq.detail")).contains("tier:gold").contains("simple, medium, complex");
    }

    @Test
    void shouldEndWhatWaitsForTargetsThatAreNotConfiguredAnyMore() {
        // Given
        Launch launch = launched("auto", "");
        end(
                launch,
                parked(launch, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(1)));

        // When
        pipeline.restart(new Owner("node-1", "run-3"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(2));

        // Then
        var letter = only(pipeline.deadLetters());
        assertThat(header(letter, "llm.dlq.code")).isEqualTo("tiering.no_target");
        assertThat(header(letter, "llm.dlq.detail")).contains("one, two");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldChargeALostCallToATargetThatIsNotConfiguredAnyMore() throws Exception {
        // Given
        launched("auto", "");

        // When
        pipeline.restart(new Owner("node-1", "run-3"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(2));

        // Then
        assertThat(statuses()).containsExactly(UsageEvent.Status.UNKNOWN);
        assertThat(codes(pipeline.deadLetters())).containsExactly("tiering.no_target");
    }

    private Launch launched(String model, String more) {
        pipeline.send("acme", request("a-1", more).replace("\"m-1\"", "\"" + model + "\""));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }

    private void end(Launch launch, Outcome outcome) {
        pipeline.endCall(launch);
        pipeline.deliver(outcome);
        pipeline.commit();
    }

    private static Outcome timedOut(Launch launch) {
        return failed(launch, FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, true);
    }

    private List<UsageEvent.Status> statuses() throws Exception {
        List<UsageEvent.Status> statuses = new ArrayList<>();
        for (var usage : pipeline.usage()) {
            statuses.add(codec.readUsageEvent(usage.value()).status());
        }
        return statuses;
    }
}
