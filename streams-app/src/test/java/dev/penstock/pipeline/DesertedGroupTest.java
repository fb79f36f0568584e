package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All followers end at their own deadlines, then the leader at its own: nothing is left. */
class DesertedGroupTest {

    private final TestPipeline pipeline =
            new TestPipeline("cache.enabled=true", "dispatch.permits=1", "dispatch.waiting.max_items=100000");
    private final List<String> codes = new ArrayList<>();

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void step(Duration duration) {
        pipeline.advance(duration);
        pipeline.commit();
        codes.addAll(Requests.codes(pipeline.deadLetters()));
    }

    /** @return the call that has the only permit, so that the leader never leaves */
    private Launch deserted(String leader, String follower) {
        pipeline.send("acme", Requests.request("blocks", "").replace("hello", "another question"));
        pipeline.commit();
        Launch other = pipeline.takeOneLaunched();
        pipeline.send("acme", leader);
        pipeline.send("acme", follower);
        pipeline.commit();
        for (int i = 0; i < 50; i++) {
            step(Duration.ofMillis(100));
        }
        assertThat(codes).as("the follower").hasSize(1);
        for (int i = 0; i < 60; i++) {
            step(Duration.ofSeconds(1));
        }
        assertThat(codes).as("both").hasSize(2);
        return other;
    }

    @ParameterizedTest
    @ValueSource(strings = {"idempotency", "cache"})
    void shouldLeaveNoRow(String stage) {
        // Given
        boolean same = stage.equals("idempotency");
        Launch other = deserted(
                Requests.request(same ? "same" : "a-1", ",\"timeout_ms\":60000"),
                Requests.request(same ? "same" : "a-2", ",\"timeout_ms\":1000"));
        pipeline.endCall(other);
        pipeline.deliver(completed(other, "else"));
        pipeline.commit();

        // When
        for (int i = 0; i < 24 * 30; i++) {
            step(Duration.ofHours(1));
        }

        // Then
        for (String store : new String[] {"idempotency", "cache", "calls"}) {
            assertThat(pipeline.stores().entries(store).keySet())
                    .as(store)
                    .extracting(key -> new String(key.get(), StandardCharsets.ISO_8859_1))
                    .isEmpty();
        }
    }

    @Test
    void shouldFreeTheKeyOfALeaderThatEndedAtItsDeadline() {
        // Given
        Launch other = deserted(
                Requests.request("x", ",\"idempotency_key\":\"k\",\"timeout_ms\":60000"),
                Requests.request("x", ",\"idempotency_key\":\"k\",\"timeout_ms\":1000"));
        pipeline.endCall(other);
        pipeline.deliver(completed(other, "else"));
        pipeline.commit();
        step(Duration.ofHours(5));
        codes.clear();

        // When
        pipeline.send(
                "acme", Requests.request("x", ",\"idempotency_key\":\"k\"").replace("hello", "good bye"));
        pipeline.commit();
        step(Duration.ofMillis(100));

        // Then
        assertThat(codes).isEmpty();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }
}
