package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The host's clock steps by an hour; the driver's only goes forward, so a step back is a start at an earlier time. */
class ClockStepTest {

    private final TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldNotDoubtACallOfItsOwnRunHoweverFarTheClockSteps() {
        // Given
        Launch launch = launched("a");

        // When
        pipeline.advance(Duration.ofHours(1));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.usage()).isEmpty();
        pipeline.deliver(answered(launch, "hi"));
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldNotForgetKeysWhenTheClockStepsAnHourAhead() {
        // Given
        pipeline.deliver(answered(launched("a"), "hi"));
        pipeline.results();

        // When
        pipeline.advance(Duration.ofHours(1));
        pipeline.send("acme", request("a", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldSettleWhatWasAdmittedInTheFuture() throws Exception {
        // Given
        Launch launch = launched("a");
        pipeline.stepBack(Duration.ofHours(1));
        pipeline.restart(TestPipeline.SELF);

        // When
        pipeline.deliver(answered(launch, "hi"));
        pipeline.caughtUp();

        // Then
        Result result = new WireCodec().readResult(only(pipeline.results()).value());
        assertThat(result.penstock().timings().totalMillis()).isZero();
    }

    @Test
    void shouldNotEndALeaseEarlyWhenTheClockStepsBack() {
        // Given
        launched("a");
        pipeline.stepBack(Duration.ofHours(1));
        pipeline.restart(new Owner("node-2", "run-1"));
        pipeline.caughtUp();

        // When
        pipeline.advance(Duration.ofMinutes(59));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    private Launch launched(String customId) {
        pipeline.send("acme", request(customId, ""));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }
}
