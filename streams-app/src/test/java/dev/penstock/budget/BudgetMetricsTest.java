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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private List<String> shown() {
        return meters.find("penstock.budget.used.ratio").gauges().stream()
                .map(gauge -> String.valueOf(gauge.getId().getTag("tenant")))
                .sorted()
                .toList();
    }

    private static TaskId task(int partition) {
        return new TaskId(0, partition);
    }

    private BudgetMetrics showing(int most) {
        return new BudgetMetrics(meters, InstantSource.fixed(NOW), most);
    }

    @Test
    void shouldShowAFullerBudgetInPlaceOfTheLeastFull() {
        // Given
        BudgetMetrics two = showing(2);
        two.told(TASK, status("half", "2", null));
        two.told(TASK, status("idle", "0", null));

        // When
        two.told(task(1), status("full", "4", null));

        // Then
        assertThat(shown()).containsExactly("full", "half");
    }

    @Test
    void shouldKeepTheOneThatIsShownWhereAnotherIsAboutAsFull() {
        // Given
        BudgetMetrics one = showing(1);
        one.told(TASK, status("first", "3.70", null));

        // When
        one.told(TASK, status("second", "3.80", null));

        // Then
        assertThat(shown()).containsExactly("first");
    }

    @Test
    void shouldShowABudgetThatRefusesCallsBeforeOneThatIsMoreUsed() {
        // Given
        BudgetMetrics one = showing(1);
        one.told(TASK, status("used", "3.99", null));
        BudgetStatus half = status("refusing", "2", null);

        // When
        one.told(
                TASK,
                new BudgetStatus(
                        half.tenant(),
                        half.window(),
                        null,
                        half.periodStart(),
                        half.resetsAt(),
                        BudgetStatus.State.EXHAUSTED,
                        half.usd(),
                        half.tokens(),
                        half.at()));

        // Then
        assertThat(shown()).containsExactly("refusing");
    }

    @Test
    void shouldShowTheNextFullestWhenAPeriodEndsOrATaskLeavesOrABudgetEnds() {
        // Given
        BudgetMetrics one = showing(1);
        one.told(task(0), status("a", "4", null));
        one.told(task(1), status("b", "3.5", null));
        one.told(task(2), status("c", "3", null));
        one.told(task(3), status("d", "2", null));
        List<List<String>> shown = new ArrayList<>();

        // When
        shown.add(shown());
        one.told(task(0), status("a", "0", null));
        shown.add(shown());
        one.ended(task(1));
        shown.add(shown());
        one.gone(task(2), "c|month");
        shown.add(shown());

        // Then
        assertThat(shown).containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    }

    @Test
    void shouldNotShowABudgetWhoseLimitIsTakenAway() {
        // Given
        metrics.told(TASK, status("acme", "1", null));
        BudgetStatus.Dollars unlimited =
                new BudgetStatus.Dollars(BigDecimal.ONE, BigDecimal.ZERO, null, null, null, null);
        BudgetStatus before = status("acme", "1", null);

        // When
        metrics.told(
                TASK,
                new BudgetStatus(
                        "acme",
                        "month",
                        null,
                        before.periodStart(),
                        before.resetsAt(),
                        BudgetStatus.State.OK,
                        unlimited,
                        before.tokens(),
                        NOW));

        // Then
        assertThat(shown()).isEmpty();
    }

    /** Each takes a place again only when it is a tenth fuller, in whatever order they come. */
    @Test
    void shouldRarelyExchangeSeriesWhileManyBudgetsFill() {
        // Given
        int[] added = {0};
        meters.config().onMeterAdded(meter -> added[0]++);
        BudgetMetrics ten = showing(10);

        // When
        for (int cents = 0; cents <= 400; cents += 2) {
            for (int tenant = 0; tenant < 40; tenant++) {
                ten.told(TASK, status("tenant-" + tenant, String.valueOf(cents / 100.0), null));
            }
        }

        // Then
        assertThat(shown()).hasSize(10);
        assertThat(added[0] / 9).isLessThanOrEqualTo(10 + 10 * 10);
    }

    @Test
    void shouldAddNoSeriesInVainWhileATaskStarts() {
        // Given
        int[] added = {0};
        meters.config().onMeterAdded(meter -> added[0]++);
        BudgetMetrics two = showing(2);

        // When
        two.starts(TASK);
        for (int cents = 0; cents <= 400; cents += 2) {
            two.told(TASK, status("tenant-" + cents, String.valueOf(cents / 100.0), null));
        }
        two.started(TASK);

        // Then
        assertThat(shown()).containsExactly("tenant-398", "tenant-400");
        assertThat(added[0]).isEqualTo(2 * 9);
    }

    private record Budget(TaskId task, String tenant) {}

    /** Of no more budgets than are shown and kept in reserve, the fullest are shown whatever happened before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAlwaysShowTheFullest(long seed) {
        // Given
        Random random = new Random(seed);
        int most = 3;
        BudgetMetrics three = showing(most);
        Map<Budget, Integer> quarters = new HashMap<>();

        for (int step = 0; step < 2_000; step++) {
            // When
            TaskId task = task(random.nextInt(3));
            Budget budget = new Budget(task, "t-" + task.partition() + "-" + random.nextInt(5));
            switch (random.nextInt(10)) {
                case 0 -> {
                    three.gone(task, budget.tenant() + "|month");
                    quarters.remove(budget);
                }
                case 1 -> {
                    three.ended(task);
                    quarters.keySet().removeIf(known -> known.task().equals(task));
                }
                default -> {
                    int quarter = random.nextInt(5);
                    three.told(task, status(budget.tenant(), String.valueOf(quarter), null));
                    quarters.put(budget, quarter);
                }
            }

            // Then
            List<Double> shown = meters.find("penstock.budget.used.ratio").gauges().stream()
                    .map(gauge -> gauge.value() * 4)
                    .sorted()
                    .toList();
            assertThat(shown)
                    .isEqualTo(quarters.values().stream()
                            .sorted(Comparator.reverseOrder())
                            .limit(most)
                            .map(Integer::doubleValue)
                            .sorted()
                            .toList());
        }
    }
}
