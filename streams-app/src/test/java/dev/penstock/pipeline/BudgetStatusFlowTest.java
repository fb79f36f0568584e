package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What is told of where budgets stand, and when. */
class BudgetStatusFlowTest extends TenCentFlow {

    private List<BigDecimal> usedInMonths(TestPipeline pipeline) throws MalformedRecordException {
        List<BigDecimal> used = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            BudgetStatus status = codec.readBudgetStatus(record.value());
            if (status.window().equals("month") && status.model() == null) {
                used.add(Objects.requireNonNull(status.usd()).used());
            }
        }
        return used;
    }

    @Test
    void shouldPublishALastChangeAfterAStopHoweverLongItTook() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=1");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        pipeline.commit();
        BigDecimal settled = new BigDecimal("0.1");

        // When
        pipeline.restartAfter(Duration.ofHours(2), new Owner("node-2", "run-1"), priced("budgets.max_budget=1"));
        double shown = pipeline.budgetMeters()
                .get("penstock.budget.used.usd")
                .tags("tenant", "acme", "window", "month")
                .gauge()
                .value();
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // Then
        assertThat(usedInMonths(pipeline))
                .last()
                .satisfies(used -> assertThat(used).isEqualByComparingTo(settled));
        assertThat(shown).as("before anything is published").isEqualTo(0.1);
    }

    @Test
    void shouldPublishNothingAgainAfterAStopThatLeftNothingUnpublished() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=1");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // When
        pipeline.restart(new Owner("node-2", "run-1"), priced("budgets.max_budget=1"));
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // Then
        assertThat(usedInMonths(pipeline)).isEmpty();
    }

    /** Not those whose ledgers are found first. */
    @Test
    void shouldShowATenantAtItsCapAfterAStopWhereNotAllCanBeShown() {
        // Given
        String[] sets = {"budgets.max_budget=0.10", "budgets.budget_duration=1h", "budgets.shown_in_metrics=1"};
        TestPipeline pipeline = pipeline(sets);
        pipeline.send("zz", request("a-1"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();
        pipeline.govern("aa", "{}");
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();
        List<String> before = usedUp(pipeline);

        // When
        pipeline.restart(new Owner("node-2", "run-1"), priced(sets));

        // Then
        assertThat(before).containsExactly("zz 1.0");
        assertThat(usedUp(pipeline)).isEqualTo(before);
    }

    private static List<String> usedUp(TestPipeline pipeline) {
        return pipeline.budgetMeters().find("penstock.budget.used.ratio").gauges().stream()
                .map(gauge -> gauge.getId().getTag("tenant") + " " + gauge.value())
                .toList();
    }

    @Test
    void shouldTellWhereABudgetStandsAtMostOnceASecond() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=1");
        for (int i = 0; i < 3; i++) {
            pipeline.send("acme", request("a-" + i));
            pipeline.commit();
            pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        }
        assertThat(pipeline.budgets()).isEmpty();

        // When
        pipeline.advance(Duration.ofSeconds(1));

        // Then
        List<TestRecord<byte[], byte[]>> told = pipeline.budgets();
        assertThat(told)
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactly("acme|month", "acme|day", "acme|month|m-1", "acme|day|m-1");
        assertThat(String.valueOf(
                        codec.readBudgetStatus(told.getFirst().value()).usd()))
                .contains("used=0.3")
                .contains("limit=1");
    }

    @Test
    void shouldTellOfTheNewPeriodWhenABudgetResets() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10", "budgets.budget_duration=1h");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        pipeline.advance(Duration.ofSeconds(1));
        assertThat(codec.readBudgetStatus(pipeline.budgets().getFirst().value()).state())
                .hasToString("EXCEEDED");

        // When
        pipeline.advance(Duration.ofHours(1));

        // Then
        assertThat(codec.readBudgetStatus(pipeline.budgets().getFirst().value()).state())
                .hasToString("OK");
    }

    @Test
    void shouldAlertOnceAtEachThresholdAndCountARepeatedEventOnce() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=1");

        // When
        pipeline.publishUsage("acme", usage("e-1", "0.5", pipeline.now()));
        pipeline.publishUsage("acme", usage("e-1", "0.5", pipeline.now()));
        pipeline.publishUsage("acme", usage("e-2", "0.1", pipeline.now()));
        pipeline.publishUsage("acme", usage("e-3", "0.4", pipeline.now()));
        pipeline.send("acme", request("a-1"));

        // Then
        assertThat(alerts(pipeline)).containsExactly("month usd 50", "month usd 80", "month usd 100");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }
}
