package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.Reservations.Answer;
import dev.penstock.work.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetMetricsTest {

    private static final Instant NOW = Instant.parse("2026-05-15T12:00:00Z");
    private static final int SHOWN = 20;
    private static final TaskId TASK = new TaskId(0, 0);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BudgetMetrics metrics = new BudgetMetrics(meters, InstantSource.fixed(NOW), SHOWN);

    private static BudgetStatus status(String used, @Nullable Long tokenLimit) {
        return status("acme", used, tokenLimit);
    }

    private static BudgetStatus status(String tenant, String used, @Nullable Long tokenLimit) {
        return new BudgetStatus(
                tenant,
                "month",
                null,
                NOW.minus(Duration.ofDays(1)),
                NOW.plusSeconds(90),
                BudgetStatus.State.OK,
                new BudgetStatus.Dollars(
                        new BigDecimal(used), new BigDecimal("0.5"), new BigDecimal("4"), null, null, null),
                new BudgetStatus.Tokens(30, 20, tokenLimit, null, null, null),
                NOW);
    }

    private double value(String name) {
        return meters.get("penstock.budget." + name)
                .tag("tenant", "acme")
                .tag("window", "month")
                .gauge()
                .value();
    }

    @Test
    void shouldShowWhereABudgetStands() {
        // When
        metrics.told(TASK, status("1", null));
        metrics.told(TASK, status("3", 60L));

        // Then
        assertThat(value("limit.usd")).isEqualTo(4);
        assertThat(value("used.usd")).isEqualTo(3);
        assertThat(value("reserved.usd")).isEqualTo(0.5);
        assertThat(value("limit.tokens")).isEqualTo(60);
        assertThat(value("used.tokens")).isEqualTo(30);
        assertThat(value("reserved.tokens")).isEqualTo(20);
        assertThat(value("used.ratio")).as("of the tighter limit").isEqualTo(0.75);
        assertThat(value("exhausted")).isZero();
        assertThat(value("reset.seconds")).isEqualTo(90);
    }

    @Test
    void shouldTakeAwayWhatAnotherInstanceShowsNow() {
        // Given
        metrics.told(TASK, status("1", null));

        // When
        metrics.ended(TASK);

        // Then
        assertThat(meters.find("penstock.budget.used.usd").gauge()).isNull();
    }

    @Test
    void shouldCountWhatMayNotLeave() {
        // Given
        Answer.Denied denied = new Answer.Denied(DeadLetterCode.BUDGET_EXCEEDED, "spent", NOW);
        Route route = new Route("simple", List.of("one"), null, Duration.ofSeconds(1));

        // When
        metrics.answered(new Answer.Free());
        metrics.answered(new Answer.Granted(BigDecimal.ONE));
        metrics.answered(denied);
        metrics.answered(denied);
        metrics.answered(new Answer.Held(NOW, denied, now -> null));
        metrics.answered(new Answer.Instead(route, DeadLetterCode.BUDGET_TIER_NOT_ALLOWED));

        // Then
        assertThat(denials("rejected", "budget.exceeded")).isEqualTo(2);
        assertThat(denials("held", "budget.exceeded")).isEqualTo(1);
        assertThat(denials("downgraded", "budget.tier_not_allowed")).isEqualTo(1);
    }

    private double denials(String action, String code) {
        return meters.get("penstock.budget.denials")
                .tag("action", action)
                .tag("code", code)
                .counter()
                .count();
    }

    @Test
    void shouldHaveNoMoreSeriesThanTheConfigurationAllows() {
        // Given
        int seriesOfABudget = 9;
        int before = meters.getMeters().size();

        // When
        for (int tenant = 0; tenant < 10_000; tenant++) {
            metrics.told(new TaskId(0, tenant % 24), status("tenant-" + tenant, "1", null));
        }

        // Then
        assertThat(meters.getMeters()).hasSize(before + SHOWN * seriesOfABudget);
    }
}
