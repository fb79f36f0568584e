package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shared calls of tenants with budgets. Each request may have 100 output tokens, a tenth of a cent each, and in a shared
 * call 40 more for its place in the answer: alone it reserves ten cents, two that share reserve 28.
 */
class BatchBudgetTest {

    /** News that wake the task. */
    private static final String ELSEWHERE =
            "{\"event_id\":\"elsewhere\",\"tenant\":\"acme\",\"request_id\":\"r\",\"attempt\":1,"
                    + "\"provider\":\"gateway\",\"model\":\"m\",\"cost_usd\":0,\"status\":\"billed\",\"batch_size\":1,"
                    + "\"source\":\"provider\",\"at\":\"2026-01-01T01:00:00Z\"}";

    private final WireCodec codec = new WireCodec();
    private Path prices = Path.of("set before each test");
    private @Nullable TestPipeline opened;

    @BeforeEach
    void writePrices(@TempDir Path dir) throws IOException {
        prices = dir.resolve("prices.yaml");
        Files.writeString(prices, "version: v-1\nmodels:\n  m-1: {input: 0, output: 0.001}\n");
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void shouldReserveForTheCallAndShareItsBillToTheLastDigit() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("0.42");
        Launch launch = askedTogether(pipeline, 3);

        // When
        deliver(pipeline, launch, new SharedAnswers(launch), 100);

        // Then
        List<BigDecimal> costs = new ArrayList<>();
        List<BigDecimal> held = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            PenstockSection section = codec.readResult(record.value()).penstock();
            costs.add(Objects.requireNonNull(section.costUsd()));
            held.add(Objects.requireNonNull(section.reservedUsd()));
        }
        assertThat(costs).hasSize(3);
        assertThat(sum(costs)).isEqualByComparingTo("0.1");
        assertThat(sum(held)).isEqualByComparingTo("0.42");
        List<BigDecimal> told = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.usage()) {
            UsageEvent event = codec.readUsageEvent(record.value());
            told.add(Objects.requireNonNull(event.costUsd()));
            assertThat(event.priceVersion()).isEqualTo("v-1");
        }
        assertThat(told).hasSize(3);
        assertThat(sum(told)).isEqualByComparingTo("0.1");
    }

    /** Billed 20 of 30 cents. What was told of it comes back, and there are still ten. */
    @Test
    void shouldCountTheBillOnceWhenItsSharesComeBack() {
        // Given
        TestPipeline pipeline = pipeline("0.30");
        Launch launch = askedTogether(pipeline, 2);
        deliver(pipeline, launch, new SharedAnswers(launch), 200);
        pipeline.commit();

        // When
        pipeline.usage().forEach(pipeline::publishUsage);
        pipeline.send("acme", request("b-0", ""));
        pipeline.send("acme", request("b-1", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("b-0");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldDenyTheMemberAloneThatIsAskedAgain() {
        // Given
        TestPipeline pipeline = pipeline("0.28");
        Launch launch = askedTogether(pipeline, 2);

        // When
        deliver(pipeline, launch, new SharedAnswers(launch).without("a-1"), 200);
        pipeline.commit();

        // Then
        assertThat(pipeline.results()).hasSize(1);
        assertThat(new String(only(pipeline.deadLetters()).value(), StandardCharsets.UTF_8))
                .contains("a-1");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    /** Nobody ever learns what became of the call. */
    @Test
    void shouldShareWhatAReservationThatRunsOutIsCharged() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("0.42");
        askedTogether(pipeline, 3);
        pipeline.usage();

        // When
        pipeline.advance(Duration.ofHours(3));
        pipeline.publishUsage("acme", ELSEWHERE.getBytes(StandardCharsets.UTF_8));
        pipeline.advance(Duration.ofSeconds(20));
        pipeline.advance(Duration.ofSeconds(20));
        pipeline.commit();

        // Then
        List<UsageEvent> told = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.usage()) {
            told.add(codec.readUsageEvent(record.value()));
        }
        assertThat(told)
                .extracting(UsageEvent::requestId)
                .containsExactly("llm.requests-0-0", "llm.requests-0-1", "llm.requests-0-2");
        assertThat(sum(told.stream()
                        .map(event -> Objects.requireNonNull(event.costUsd()))
                        .toList()))
                .isEqualByComparingTo("0.42");
    }

    @Test
    void shouldReserveForEachWhereTheBudgetHasNoRoomForAllTogether() {
        // Given
        TestPipeline pipeline = pipeline("0.15");

        // When
        ask(pipeline, 2);

        // Then
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-0");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    private TestPipeline pipeline(String budget) {
        TestPipeline pipeline = new TestPipeline(
                "batching.enabled=true",
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=" + budget);
        opened = pipeline;
        return pipeline;
    }

    private static Launch askedTogether(TestPipeline pipeline, int count) {
        ask(pipeline, count);
        return pipeline.takeOneLaunched();
    }

    private static void ask(TestPipeline pipeline, int count) {
        for (int i = 0; i < count; i++) {
            pipeline.send("acme", request("a-" + i, ",\"batch\":\"allow\""));
        }
        pipeline.advance(Duration.ofMillis(250));
        pipeline.commit();
    }

    private static String request(String name, String more) {
        return "{\"custom_id\":\"" + name + "\",\"body\":{\"model\":\"m-1\",\"max_tokens\":100,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + name + "\"}]}" + more + "}";
    }

    private static void deliver(TestPipeline pipeline, Launch launch, SharedAnswers answers, long outputTokens) {
        pipeline.endCall(launch);
        pipeline.deliver(completed(launch, answers.json(), new TokenUsage(70, outputTokens, 0, 0)));
    }

    private static BigDecimal sum(List<BigDecimal> parts) {
        return parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
