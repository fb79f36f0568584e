package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.BudgetStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Usage that is published by others, or comes back. */
class ForeignUsageFlowTest extends TenCentFlow {

    @Test
    void shouldPassOverItsOwnEventsAndCountThemInALedgerThatIsBuiltAnew() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=1");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        TestRecord<byte[], byte[]> own = only(pipeline.usage());

        // When
        TestRecord<byte[], byte[]> other = new TestRecord<>(
                own.key(),
                new String(own.value(), StandardCharsets.UTF_8)
                        .replace("#1\"", "#9\"")
                        .getBytes(StandardCharsets.UTF_8),
                own.headers(),
                pipeline.now());
        pipeline.publishUsage(own);
        pipeline.publishUsage(other);
        pipeline.advance(Duration.ofSeconds(2));
        BudgetStatus.Dollars here = month(pipeline);
        pipeline.close();
        TestPipeline anew = pipeline("budgets.max_budget=1");
        anew.publishUsage(own);
        anew.publishUsage(own);
        anew.advance(Duration.ofSeconds(2));

        // Then
        assertThat(header(own, "penstock.counted.by")).isNotNull();
        assertThat(here.used())
                .as("what says that it was counted is not even read")
                .isEqualByComparingTo("0.1");
        assertThat(month(anew).used()).isEqualByComparingTo("0.1");
    }

    @Test
    void shouldRefuseUsageThatIsMalformedOrFromTheFuture() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");

        // When
        pipeline.publishUsage("acme", usage("e-1", "-1", pipeline.now()));
        pipeline.publishUsage("acme", usage("e-2", "5", pipeline.now().plus(Duration.ofHours(1))));
        pipeline.publishUsage("acme", "{".getBytes(StandardCharsets.UTF_8));
        pipeline.send("acme", request("a-1"));
        pipeline.commit();

        // Then
        assertThat(alerts(pipeline)).containsExactly("usage_refused", "usage_refused", "usage_refused");
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }
}
