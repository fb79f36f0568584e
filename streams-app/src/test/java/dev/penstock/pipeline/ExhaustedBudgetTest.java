package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.WireCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A budget that holds no further call is told of, though its limit is never reached. Each call may cost ten cents. */
class ExhaustedBudgetTest {

    private static final TokenUsage ALL_OF_IT = new TokenUsage(7, 100, 0, 0);

    private final WireCodec codec = new WireCodec();
    private final List<String> alerts = new ArrayList<>();
    private final List<String> states = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private int sent;
    private TestPipeline pipeline;

    @BeforeEach
    void open(@TempDir Path dir) throws Exception {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, "models: {m-1: {input: 0, output: 0.001}}");
        settings.addAll(List.of(
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=0.35",
                "budgets.budget_duration=1h"));
        pipeline = new TestPipeline(settings.toArray(String[]::new));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void restart(String run) {
        pipeline.restart(new Owner("node-1", run), settings.toArray(String[]::new));
        pipeline.caughtUp();
    }

    private void setOnSpent(String onSpent) {
        settings.add("budgets.on_spent=" + onSpent);
        restart("run-" + onSpent);
    }

    private void send(String customId, int maxTokens) {
        pipeline.send(
                "acme",
                "{\"custom_id\":\"" + customId + "\",\"timeout_ms\":7200000,\"body\":{\"model\":\"m-1\",\"max_tokens\":"
                        + maxTokens + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}");
        pipeline.commit();
    }

    private void spend(int calls) {
        for (int i = 0; i < calls; i++) {
            send("spent-" + sent++, 100);
            for (Launch launch : pipeline.takeLaunched()) {
                pipeline.deliver(answered(launch, "hi", ALL_OF_IT));
            }
            pipeline.commit();
        }
        pass(Duration.ofSeconds(2));
    }

    /** Lets time pass and reads what is published in it. */
    private void pass(Duration time) {
        pipeline.advance(time);
        pipeline.commit();
        try {
            for (TestRecord<byte[], byte[]> record : pipeline.alerts()) {
                alerts.add(String.valueOf(codec.readAlert(record.value()).to()));
            }
            for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
                BudgetStatus status = codec.readBudgetStatus(record.value());
                if (status.window().equals("1h")) {
                    states.add(status.state().wireName());
                }
            }
        } catch (MalformedRecordException broken) {
            throw new AssertionError(broken);
        }
    }

    private double shown() {
        return pipeline.budgetMeters()
                .get("penstock.budget.exhausted")
                .tags("tenant", "acme", "window", "1h")
                .gauge()
                .value();
    }

    @Test
    void shouldTellOnceAPeriodThatCallsAreRefusedBelowTheLimit() {
        // Given
        spend(3);
        assertThat(states).last().isEqualTo("warning");

        // When
        for (int i = 0; i < 3; i++) {
            send("refused-" + i, 100);
            pass(Duration.ofSeconds(2));
        }

        // Then
        assertThat(states).last().isEqualTo("exhausted");
        assertThat(states).filteredOn("exhausted"::equals).hasSize(1);
        assertThat(alerts).containsExactly("1h usd 50", "1h usd 80", "1h usd exhausted");
        assertThat(shown()).isOne();
    }

    @Test
    void shouldCountAHeldCallAsARefusal() {
        // Given
        setOnSpent("hold");
        spend(3);

        // When
        send("held", 100);
        pass(Duration.ofMinutes(5));

        // Then
        assertThat(states).last().isEqualTo("exhausted");
        assertThat(alerts).filteredOn("1h usd exhausted"::equals).hasSize(1);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldBeginAnewWithThePeriod() {
        // Given
        spend(3);
        send("refused", 100);
        pass(Duration.ofSeconds(2));

        // When
        pass(Duration.ofHours(1));
        List<String> afterTheReset = List.copyOf(states);
        spend(3);
        send("refused-again", 100);
        pass(Duration.ofSeconds(2));

        // Then
        assertThat(afterTheReset).last().isEqualTo("ok");
        assertThat(states).last().isEqualTo("exhausted");
        assertThat(alerts).filteredOn("1h usd exhausted"::equals).hasSize(2);
    }

    @Test
    void shouldKnowAfterARestartThatItHasAlertedAndPublishWhatItHadNot() {
        // Given
        spend(3);
        send("refused", 100);
        List<TestRecord<byte[], byte[]>> told = pipeline.alerts();

        // When
        restart("run-3");
        double atTheStart = shown();
        pass(Duration.ofSeconds(2));
        send("refused-again", 100);
        pass(Duration.ofSeconds(2));

        // Then
        assertThat(told).hasSize(1);
        assertThat(atTheStart).isOne();
        assertThat(states).last().isEqualTo("exhausted");
        assertThat(alerts).doesNotContain("1h usd exhausted");
    }

    @Test
    void shouldBeOverWhenARaisedLimitHoldsTheCall() {
        // Given
        spend(3);
        send("refused", 100);
        pass(Duration.ofSeconds(2));

        // When
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.36}]}");
        pass(Duration.ofSeconds(2));
        String raisedTooLittle = states.getLast();
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.45}]}");
        pass(Duration.ofSeconds(2));

        // Then
        assertThat(raisedTooLittle).isEqualTo("exhausted");
        assertThat(states).last().isEqualTo("warning");
        assertThat(shown()).isZero();
    }

    @Test
    void shouldBeOverWhenReservationsComeFree() {
        // Given
        for (int i = 0; i < 4; i++) {
            send("burst-" + i, 100);
        }
        pass(Duration.ofSeconds(2));
        assertThat(states).last().isEqualTo("exhausted");

        // When
        pipeline.takeLaunched().forEach(launch -> pipeline.deliver(answered(launch, "hi", new TokenUsage(7, 1, 0, 0))));
        pass(Duration.ofSeconds(2));

        // Then
        assertThat(states).last().isEqualTo("ok");
    }

    @Test
    void shouldSayNothingOfABudgetThatIsOnlyTooSmallForACall() {
        // When
        send("too-large-for-any-period", 1_000);
        pass(Duration.ofSeconds(2));

        // Then
        assertThat(pipeline.deadLetters()).hasSize(1);
        assertThat(alerts).isEmpty();
        assertThat(states).doesNotContain("exhausted");
    }
}
