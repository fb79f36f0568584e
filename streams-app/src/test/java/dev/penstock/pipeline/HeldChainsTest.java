package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that one tenant's budget holds, for two targets of which one takes no calls. */
class HeldChainsTest extends TenCentFlow {

    private static final String HOUR = ",\"timeout_ms\":3600000";
    private static final String[] TWO_TARGETS = {
        "targets.one.base_url=http://127.0.0.1:1",
        "targets.one.model=dear",
        "targets.two.base_url=http://127.0.0.1:1",
        "targets.two.model=dear",
        "tiers.simple.chain=one",
        "tiers.medium.chain=two",
        "tiers.complex.chain=two",
        "budgets.max_budget=0.10",
        "budgets.budget_duration=1h",
        "budgets.on_spent=hold"
    };

    @Test
    void shouldLetHeldCallsForAnOpenTargetPastAnOlderOneWhoseTargetIsClosed() {
        // Given
        TestPipeline pipeline = pipeline(TWO_TARGETS);
        Launch first = oneGoesAndThreeAreHeld(pipeline);
        turnAway(pipeline, first, Duration.ofMinutes(10));

        // When
        end(pipeline, first);
        Launch second = pipeline.takeOneLaunched();
        endWithoutCost(pipeline, second);
        Launch third = pipeline.takeOneLaunched();
        endWithoutCost(pipeline, third);
        List<Launch> whileClosed = pipeline.takeLaunched();
        pipeline.advance(Duration.ofMinutes(10));
        pipeline.commit();

        // Then
        assertThat(second.ticket().customId()).isEqualTo("b-1");
        assertThat(third.ticket().customId()).isEqualTo("b-2");
        assertThat(whileClosed).isEmpty();
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-1");
    }

    @Test
    void shouldKeepTheOrderOfATenantWhereAllTargetsAreOpen() {
        // Given
        TestPipeline pipeline = pipeline(TWO_TARGETS);
        Launch first = oneGoesAndThreeAreHeld(pipeline);

        // When
        endWithoutCost(pipeline, first);
        Launch second = pipeline.takeOneLaunched();
        endWithoutCost(pipeline, second);

        // Then
        assertThat(second.ticket().customId()).isEqualTo("a-1");
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("b-1");
    }

    @Test
    void shouldLetAnOlderCallGoBeforeWhereTheBudgetHoldsOnlyAYoungerOne() {
        // Given: the younger ones cost half
        TestPipeline pipeline = pipeline(TWO_TARGETS);
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.16}]}");
        pipeline.send("acme", request("a-0", "tier:simple", HOUR));
        pipeline.send("acme", request("a-1", "tier:simple", HOUR));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.10}]}");
        pipeline.send("acme", half("b-1"));
        pipeline.commit();

        // When
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.16}]}");
        pipeline.commit();
        List<Launch> whileTheFirstIsOut = pipeline.takeLaunched();
        endWithoutCost(pipeline, first);

        // Then
        assertThat(whileTheFirstIsOut).isEmpty();
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.ticket().customId())
                .containsExactly("a-1", "b-1");
    }

    private static String half(String id) {
        return request(id, "tier:complex", HOUR).replace("\"max_tokens\":100", "\"max_tokens\":50");
    }

    private static Launch oneGoesAndThreeAreHeld(TestPipeline pipeline) {
        pipeline.send("acme", request("a-0", "tier:simple", HOUR));
        pipeline.send("acme", request("a-1", "tier:simple", HOUR));
        pipeline.send("acme", request("b-1", "tier:complex", HOUR));
        pipeline.send("acme", request("b-2", "tier:complex", HOUR));
        pipeline.commit();
        assertThat(pipeline.waiting().held()).isEqualTo(3);
        return pipeline.takeOneLaunched();
    }

    private static void turnAway(TestPipeline pipeline, Launch launch, Duration time) {
        pipeline.permits().returned(launch.partition());
        pipeline.answerWith(call -> new ProviderReply.Failed(
                FailureClass.THROTTLED, DeadLetterCode.PROVIDER_THROTTLED, 429, false, time, "status 429", null));
        pipeline.call(launch);
    }

    private static void endWithoutCost(TestPipeline pipeline, Launch launch) {
        pipeline.endCall(launch);
        end(pipeline, launch);
    }

    private static void end(TestPipeline pipeline, Launch launch) {
        pipeline.deliver(OutcomeFixtures.failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.commit();
    }
}
