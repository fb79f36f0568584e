package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Prompts that a provider refused as too long, and may have billed. */
class ContextLengthFlowTest {

    private TestPipeline pipeline = new TestPipeline();

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldGoOnceMoreWhereLeaveIsGiven() {
        // Given
        pipeline.send("acme", request("a-1", ",\"trim\":{\"max_input_tokens\":1000}"));
        pipeline.commit();
        refuse(pipeline.takeOneLaunched());

        // When
        Launch again = pipeline.takeOneLaunched();
        int told = pipeline.usage().size();
        refuse(again);

        // Then
        assertThat(told).as("the first attempt may have been billed").isEqualTo(1);
        assertThat(again.number()).isEqualTo(2);
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(codes(pipeline.deadLetters())).containsExactly("provider.context_length");
    }

    /** Another one would be sent the length that the first has refused. */
    @Test
    void shouldGoOnceMoreToTheTargetThatRefused() {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(
                "targets.one.base_url=http://127.0.0.1:1",
                "targets.two.base_url=http://127.0.0.1:1",
                "tiers.simple.chain=one,two",
                "tiers.medium.chain=one,two",
                "tiers.complex.chain=one,two");
        pipeline.send(
                "acme", request("a-1", ",\"trim\":{\"max_input_tokens\":1000}").replace("\"m-1\"", "\"auto\""));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        refuse(first);

        // Then
        Launch again = pipeline.takeOneLaunched();
        assertThat(again.state().target()).isEqualTo(first.state().target()).isEqualTo("one");
        assertThat(again.number()).isEqualTo(2);
    }

    @Test
    void shouldEndWhereThePromptIsToStayWhole() {
        // Given
        pipeline.send("acme", request("a-1", ",\"trim\":\"never\""));
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();

        // When
        pipeline.takeLaunched().forEach(this::refuse);

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(codes(pipeline.deadLetters())).containsExactly("provider.context_length", "provider.context_length");
    }

    private void refuse(Launch launch) {
        pipeline.endCall(launch);
        pipeline.deliver(failed(launch, DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true));
        pipeline.commit();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
    }
}
