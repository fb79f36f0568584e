package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants share the limits of an account: what one of them writes into a request does not close it for others. */
class SharedRateTest {

    private final TestPipeline pipeline = new TestPipeline(
            "targets.only.model=m-1",
            "targets.only.tpm_limit=1000000",
            "tiers.simple.chain=only",
            "tiers.medium.chain=only",
            "tiers.complex.chain=only");

    @AfterEach
    void close() {
        pipeline.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000000", "1e12", "9223372036854775807", "99999999999999999999"})
    void shouldCallForOthersAfterARequestWithAnAbsurdOutputCapWasRefused(String cap) throws Exception {
        // Given
        pipeline.answerWith(call -> refused());
        pipeline.send("greedy", request("c-1", ",\"max_tokens\":" + cap));
        pipeline.commit();
        Launch refused = pipeline.takeOneLaunched();
        refused.lease().call(callOf(refused));
        pipeline.permits().returned(refused.partition());
        pipeline.deliver(OutcomeFixtures.failed(refused, DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.commit();

        // When
        pipeline.send("other", request("c-2", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().tenant()).isEqualTo("other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000000", "9223372036854775807"})
    void shouldCallForOthersWithinAMinuteOfACallWithAnAbsurdOutputCap(String cap) throws Exception {
        // Given
        pipeline.send("greedy", request("c-1", ",\"max_tokens\":" + cap));
        pipeline.commit();
        pipeline.takeOneLaunched();
        pipeline.send("other", request("c-2", ""));
        pipeline.commit();
        assertThat(pipeline.takeLaunched()).isEmpty();

        // When
        for (int seconds = 0; seconds < 61; seconds++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().tenant()).isEqualTo("other");
    }

    @Test
    void shouldLeaveHalfOfTheTokensToWhoseCallsClaimLess() {
        // Given
        for (int call = 0; call < 40; call++) {
            pipeline.send("greedy", request("c-" + call, ",\"max_tokens\":1000000"));
            pipeline.send("other", request("c-" + call, ",\"max_tokens\":100000"));
        }
        pipeline.commit();

        // When
        Map<String, Integer> launched = new HashMap<>();
        for (int seconds = 0; seconds < 600; seconds++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
            pipeline.takeLaunched()
                    .forEach(launch -> launched.merge(launch.ticket().tenant(), 1, Integer::sum));
        }

        // Then
        assertThat(launched.get("greedy")).isBetween(4, 7);
        assertThat(launched.get("other")).isEqualTo(40);
    }

    private static String request(String customId, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"m-1\"" + more
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}";
    }

    private static ProviderCall callOf(Launch launch) {
        return new ProviderCall(
                launch.idempotencyKey(),
                launch.request().url(),
                launch.request().body(),
                Duration.ofSeconds(30),
                null);
    }

    private static ProviderReply refused() {
        return new ProviderReply.Failed(
                FailureClass.PERMANENT, DeadLetterCode.PROVIDER_BAD_REQUEST, 400, false, null, "status 400", null);
    }
}
