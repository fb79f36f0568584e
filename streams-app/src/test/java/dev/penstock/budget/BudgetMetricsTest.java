package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class BudgetMetricsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SERIES_OF_A_BUDGET = 7;

    @Test
    void shouldHaveNoMoreSeriesThanTheConfigurationAllows() {
        // Given
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        BudgetMetrics metrics = new BudgetMetrics(meters, InstantSource.fixed(START), 20);

        // When
        for (int tenant = 0; tenant < 10_000; tenant++) {
            metrics.told(new TaskId(0, tenant % 24), status("tenant-" + tenant));
        }

        // Then
        assertThat(meters.getMeters()).hasSize(20 * SERIES_OF_A_BUDGET + 1);
    }

    private static BudgetStatus status(String tenant) {
        return new BudgetStatus(
                tenant,
                "day",
                null,
                START,
                START.plusSeconds(86_400),
                BudgetStatus.State.OK,
                null,
                new BudgetStatus.Tokens(1, 0, 100L, null, null, null),
                START);
    }
}
