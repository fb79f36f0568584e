package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories under a tight budget, with rollbacks and kills: never may the provider bill more than the limit, and at
 * the end the ledger is the sum of the usage events. {@code -Dpenstock.seed=N} runs one history.
 */
@Execution(ExecutionMode.CONCURRENT)
class BudgetSimulationTest {

    private static final int STEPS = 400;
    private static final BigDecimal LIMIT = new BigDecimal("0.25");

    private static final String NOTHING =
            "{\"event_id\":\"last\",\"tenant\":\"default\",\"request_id\":\"r\",\"attempt\":1,"
                    + "\"provider\":\"gateway\",\"model\":\"m\",\"cost_usd\":0,\"status\":\"billed\",\"batch_size\":1,"
                    + "\"source\":\"provider\",\"at\":\"2026-01-01T01:00:00Z\"}";

    /** Histories in which one call more would have been too many. */
    private static int tight;

    private final WireCodec codec = new WireCodec();

    @AfterAll
    static void shouldHaveComeToTheLimit() {
        assertThat(tight).isGreaterThanOrEqualTo((int) seeds().count() * 9 / 10);
    }

    static LongStream seeds() {
        Long seed = Long.getLong("penstock.seed");
        return seed == null ? LongStream.rangeClosed(1, 150) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldNeverLetMoreLeaveThanTheLimitHolds(long seed, @TempDir Path dir) throws Exception {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, "models: {m-1: {input: 0, output: 0.001}}");
        try (Simulation simulation = new Simulation(
                seed,
                false,
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=" + LIMIT,
                "provider.max_output_tokens=100")) {
            // Given
            for (int step = 0; step < STEPS; step++) {
                simulation.step();
            }

            // When
            boolean settled = simulation.settleWithin(400);

            // Then
            assertThat(settled).as("everything came to its end").isTrue();
            simulation.check();
            Exposure exposure = simulation.exposure();
            assertThat(exposure.highest()).isLessThanOrEqualTo(LIMIT).isGreaterThanOrEqualTo(Exposure.WORST);
            tight += exposure.highest().compareTo(LIMIT.subtract(Exposure.WORST)) > 0 ? 1 : 0;
            BudgetStatus.Dollars ledger = ledger(simulation);
            assertThat(ledger.reserved()).isEqualByComparingTo(BigDecimal.ZERO);
            assertThat(ledger.used()).isEqualByComparingTo(exposure.charged());
            assertThat(exposure.charged()).isGreaterThanOrEqualTo(exposure.billed());
        }
    }

    /** After all reservations that nobody could settle have expired. */
    private BudgetStatus.Dollars ledger(Simulation simulation) throws Exception {
        TestPipeline pipeline = simulation.pipeline();
        // What was told before the last kill was told to a driver that is gone. What expires later is told by itself.
        pipeline.publishUsage("default", NOTHING.getBytes(StandardCharsets.UTF_8));
        pipeline.advance(Duration.ofSeconds(20));
        pipeline.advance(Duration.ofHours(3));
        pipeline.advance(Duration.ofSeconds(20));
        simulation.commit();
        BudgetStatus last = null;
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            if (new String(record.key(), StandardCharsets.UTF_8).endsWith("|month")) {
                last = codec.readBudgetStatus(record.value());
            }
        }
        return Objects.requireNonNull(Objects.requireNonNull(last).usd());
    }
}
