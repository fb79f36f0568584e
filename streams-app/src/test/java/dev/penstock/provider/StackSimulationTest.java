package dev.penstock.provider;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Ten thousand random histories of the provider stack. {@code -Dpenstock.seed=N} plays one again; {@code
 * -Dpenstock.schedules=N} plays so many others, from a seed of the moment.
 */
@Execution(ExecutionMode.CONCURRENT)
class StackSimulationTest {

    private static final long SCHEDULES = 10_000;

    static LongStream seeds() {
        Long seed = Long.getLong("penstock.seed");
        Long more = Long.getLong("penstock.schedules");
        if (seed != null) {
            return LongStream.of(seed);
        }
        long first = more == null ? 1 : System.nanoTime();
        return LongStream.range(first, first + (more == null ? SCHEDULES : more));
    }

    @Test
    void shouldKeepEveryRuleInEveryHistory() {
        seeds().forEach(StackSimulationTest::play);
    }

    private static void play(long seed) {
        try {
            new StackSimulation(seed).run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("-Dpenstock.seed=" + seed + ": " + broken.getMessage(), broken);
        }
    }
}
