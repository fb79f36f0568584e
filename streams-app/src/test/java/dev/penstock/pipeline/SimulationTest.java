package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories: one terminal for each request, no call after its answer, every answer charged once, nothing left
 * over. {@code -Dpenstock.seed=N} runs one history.
 */
class SimulationTest {

    private static final int STEPS = 1_500;

    static LongStream seeds() {
        Long seed = Long.getLong("penstock.seed");
        return seed == null ? LongStream.rangeClosed(1, 20) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldEndEveryRequestOnceAndRepeatNoAnsweredCall(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, false)) {
            // Given
            for (int step = 0; step < STEPS; step++) {
                simulation.step();
            }

            // When
            boolean settled = simulation.settleWithin(400);

            // Then
            assertThat(settled).as("everything came to its end").isTrue();
            simulation.check();
        }
    }

    /** Requests with the same question under different names: each is answered with its own text. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldEndEveryRequestOnceWithItsOwnAnswerWhileAnswersAreShared(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, true)) {
            // Given
            for (int step = 0; step < STEPS; step++) {
                simulation.step();
            }

            // When
            boolean settled = simulation.settleWithin(400);

            // Then
            assertThat(settled).as("everything came to its end").isTrue();
            simulation.check();
            assertThat(simulation.shared()).as("answers that were shared").isPositive();
        }
    }

    /** A backlog of a tenant that may have only few calls at a time, beside another partition of the instance. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldLeaveToOthersWhatATenantAtItsCapCannotUse(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, false, 5, "dispatch.tenant_max_in_flight=2")) {
            // Given
            for (int step = 0; step < STEPS; step++) {
                simulation.step();
            }

            // When
            boolean settled = simulation.settleWithin(1_000);

            // Then
            assertThat(settled).as("everything came to its end").isTrue();
            simulation.check();
        }
    }
}
