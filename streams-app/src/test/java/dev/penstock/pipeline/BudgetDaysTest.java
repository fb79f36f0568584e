package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two days that are alike, with budgets on: what the stores hold levels off. Tenants have hourly and daily budgets and some
 * hold their calls; some calls are lost with their process; once a day a burst of usage expires at once, and a burst of held
 * calls asks again at once.
 */
class BudgetDaysTest {

    private static final int TENANTS = 80;
    private static final int BURST = 700;
    private static final Duration STEP = Duration.ofMinutes(3);
    private static final List<String> STORES = List.of("budget", "calls", "idempotency", "cache", "batching");

    /** Rows and records that one share of a step writes at most: for a call that ends, its dead letter and the rows of the call and its key. */
    private static final int WRITTEN_FOR_A_SHARE = 8;

    private final Map<String, Integer> peaks = new TreeMap<>();
    private int sent;
    private int held;
    private int lost;
    private TestPipeline pipeline;

    @BeforeEach
    void open(@TempDir Path dir) throws Exception {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, "models: {m-1: {input: 0, output: 0.001}}");
        pipeline = new TestPipeline(
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=1",
                "budgets.budget_duration=day",
                "budgets.retention=1h",
                "idempotency.retention=1h");
        for (int tenant = 0; tenant < TENANTS; tenant += 4) {
            pipeline.govern(
                    "t-" + tenant,
                    "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":0.25}],\"on_budget_spent\":\"hold\"}");
        }
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void send(String tenant) {
        pipeline.send(
                tenant,
                "{\"custom_id\":\"c-" + sent++
                        + "\",\"timeout_ms\":5400000,\"body\":{\"model\":\"m-1\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}");
    }

    private void answer(Random random) {
        for (Launch launch : pipeline.takeLaunched()) {
            pipeline.endCall(launch);
            if (random.nextInt(20) == 0) {
                lost++;
            } else {
                pipeline.deliver(answered(launch, "hi", new TokenUsage(7, 20 + random.nextInt(81), 0, 0)));
            }
        }
        pipeline.commit();
    }

    private void step(Random random) {
        answer(random);
        pipeline.advance(STEP.minusSeconds(1));
        pipeline.commit();
        for (int i = 0; i < 5; i++) {
            pipeline.advance(Duration.ofMillis(200));
            pipeline.commit();
        }
        STORES.forEach(store -> peaks.merge(store, pipeline.stores().size(store), Math::max));
        held = Math.max(held, pipeline.waiting().waiting());
    }

    private void publishUsage(int number) {
        pipeline.publishUsage(
                "t-1",
                ("{\"event_id\":\"" + pipeline.now() + "-" + number
                                + "\",\"tenant\":\"t-1\",\"request_id\":\"r-1\",\"attempt\":1,\"provider\":\"gateway\",\"model\":\"m-9\","
                                + "\"cost_usd\":0.0001,\"status\":\"billed\",\"batch_size\":1,\"source\":\"provider\",\"at\":\""
                                + pipeline.now() + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** A day until five minutes before its end; the last two hours are quiet, so that what is under way ends. */
    private Map<String, Integer> day(Instant midnight) {
        Random random = new Random(13);
        peaks.clear();
        while (pipeline.now().isBefore(midnight.plus(Duration.ofHours(22)))) {
            long minutes = Duration.between(midnight, pipeline.now()).toMinutes();
            if (minutes == 6 * 60) {
                for (int i = 0; i < BURST; i++) {
                    publishUsage(i);
                }
            }
            if (minutes == 12 * 60) {
                for (int i = 0; i < BURST; i++) {
                    send("t-4");
                }
            }
            send("t-" + random.nextInt(TENANTS));
            send("t-" + 4 * random.nextInt(TENANTS / 4));
            step(random);
        }
        while (pipeline.now().isBefore(midnight.plus(Duration.ofDays(1)).minusSeconds(300))) {
            step(random);
        }
        Map<String, Integer> sizes = new TreeMap<>();
        STORES.forEach(store -> sizes.put(store, pipeline.stores().size(store)));
        return sizes;
    }

    @Test
    void shouldHoldNoMoreAfterTheSecondDayThanAfterTheFirst() {
        // When
        Map<String, Integer> first = day(TestPipeline.START);
        Map<String, Integer> firstPeaks = new TreeMap<>(peaks);
        while (pipeline.now().isBefore(TestPipeline.START.plus(Duration.ofDays(1)))) {
            pipeline.advance(Duration.ofSeconds(5));
            pipeline.commit();
        }
        Map<String, Integer> second = day(TestPipeline.START.plus(Duration.ofDays(1)));
        List<TransactionWork.Carried> transactions = pipeline.work().takeEnded();

        // Then
        assertThat(held).as("calls that waited for a budget at once").isGreaterThan(BURST - 10);
        assertThat(firstPeaks.get("budget")).as("a burst of charges").isGreaterThan(2 * BURST);
        assertThat(lost).as("calls without an outcome").isGreaterThan(20);
        assertThat(first).containsEntry("calls", 0).containsEntry("idempotency", 0);
        STORES.forEach(store -> {
            assertThat(second.get(store))
                    .as(store + " after the second day: the same tenants, and nothing of single calls is left")
                    .isLessThanOrEqualTo(first.get(store));
            assertThat(peaks.get(store))
                    .as("the most of " + store + " in the second day, which is like the first")
                    .isLessThanOrEqualTo(Objects.requireNonNull(firstPeaks.get(store)) * 21 / 20 + 10);
        });
        assertThat(transactions.stream()
                        .filter(step -> step.read() == 0)
                        .mapToInt(TransactionWork.Carried::written)
                        .max()
                        .orElseThrow())
                .as("rows and records of the largest step without input")
                .isBetween(StepBudget.USUAL.records(), WRITTEN_FOR_A_SHARE * StepBudget.USUAL.records());
        assertThat(transactions.stream()
                        .filter(step -> step.read() == 0)
                        .mapToLong(TransactionWork.Carried::bytesWritten)
                        .max()
                        .orElseThrow())
                .as("its bytes")
                .isLessThanOrEqualTo(StepBudget.USUAL.bytes());
    }
}
