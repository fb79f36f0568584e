package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task whose outcomes cannot be written hands no call out, and keeps no permit for one. */
class UnwritableFlowTest {

    private static final Duration TICK = Duration.ofMillis(200);

    private final TestPipeline pipeline = new TestPipeline("dispatch.permits=2");

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldLetNothingOutWhileOutcomesCannotBeWritten() {
        // Given
        pipeline.writable(false);

        // When
        send("a-1");
        send("a-2");
        tick();
        int meanwhile = pipeline.takeLaunched().size();
        int free = pipeline.permits().free();
        pipeline.writable(true);
        tick();

        // Then
        assertThat(meanwhile).isZero();
        assertThat(free).as("for other tasks").isEqualTo(2);
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    private void send(String name) {
        pipeline.send("acme", Requests.request(name, ""));
        pipeline.commit();
    }

    private void tick() {
        pipeline.advance(TICK);
        pipeline.commit();
    }
}
