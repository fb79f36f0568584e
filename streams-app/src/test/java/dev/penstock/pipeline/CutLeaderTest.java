package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The deadline of a request cuts its last attempt that may be billed: those who follow it have their own. */
class CutLeaderTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<String> codes = new ArrayList<>();

    private void pass(TestPipeline pipeline, Duration time) {
        for (int i = 0; i < time.toMillis() / 100; i++) {
            pipeline.advance(Duration.ofMillis(100));
            pipeline.commit();
            codes.addAll(Requests.codes(pipeline.deadLetters()));
        }
    }

    private static void fail(TestPipeline pipeline, Launch launch, FailureClass failureClass, DeadLetterCode code) {
        pipeline.endCall(launch);
        pipeline.deliver(failed(launch, failureClass, code, true));
        pipeline.commit();
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "1,true", "2,true"})
    void shouldLetTheNextLead(int billed, boolean cache) {
        // Given
        String key = cache ? "" : ",\"idempotency_key\":\"k\"";
        try (TestPipeline pipeline =
                new TestPipeline("retry.max_billed_attempts=" + billed, "cache.enabled=" + cache)) {
            pipeline.send("acme", Requests.request("a", key + ",\"timeout_ms\":" + DEADLINE.toMillis()));
            pipeline.commit();
            Launch launch = pipeline.takeOneLaunched();
            pipeline.send("acme", Requests.request("b", key + ",\"timeout_ms\":1500000"));
            pipeline.commit();

            // When
            for (int attempt = 1; attempt < billed; attempt++) {
                fail(pipeline, launch, FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT);
                pass(pipeline, Duration.ofSeconds(3));
                launch = pipeline.takeOneLaunched();
            }
            pipeline.advance(DEADLINE);
            fail(pipeline, launch, FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT);
            pass(pipeline, Duration.ofSeconds(3));

            // Then
            assertThat(codes).containsExactly("dispatch.deadline");
            assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("b");
        }
    }

    @Test
    void shouldFailAlikeWhereNoAttemptCouldMendIt() {
        // Given
        try (TestPipeline pipeline = new TestPipeline()) {
            String key = ",\"idempotency_key\":\"k\"";
            pipeline.send("acme", Requests.request("a", key + ",\"timeout_ms\":" + DEADLINE.toMillis()));
            pipeline.commit();
            Launch launch = pipeline.takeOneLaunched();
            pipeline.send("acme", Requests.request("b", key + ",\"timeout_ms\":1500000"));
            pipeline.commit();

            // When
            pipeline.advance(DEADLINE);
            fail(pipeline, launch, FailureClass.PERMANENT, DeadLetterCode.PROVIDER_BAD_REQUEST);
            pass(pipeline, Duration.ofSeconds(3));

            // Then
            assertThat(codes).containsExactly("provider.bad_request", "provider.bad_request");
        }
    }
}
