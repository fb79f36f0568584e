package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a tenant, and published of it, ends when its periods are over: with traffic of others, without, and over a stop. */
class DepartedTenantsTest {

    private static final int TENANTS = 1_000;
    private static final TokenUsage ALL_OF_IT = new TokenUsage(7, 100, 0, 0);

    private final WireCodec codec = new WireCodec();
    private final Map<String, @Nullable BudgetStatus> published = new TreeMap<>();
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
                "budgets.max_budget=5",
                "budgets.budget_duration=1h",
                "budgets.retention=1h",
                "idempotency.retention=1h"));
        pipeline = new TestPipeline(settings.toArray(String[]::new));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void call(String tenant) {
        pipeline.send(
                tenant,
                "{\"custom_id\":\"c-" + sent++
                        + "\",\"body\":{\"model\":\"m-1\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}}");
        pipeline.commit();
        for (Launch launch : pipeline.takeLaunched()) {
            pipeline.endCall(launch);
            pipeline.deliver(answered(launch, "hi", ALL_OF_IT));
        }
        pipeline.commit();
    }

    private void fill() {
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            call("user-" + tenant);
        }
        pass(Duration.ofMinutes(1), 60);
    }

    /** Lets time pass in so many steps, each of which is a transaction. */
    private void pass(Duration time, int steps) {
        for (int step = 0; step < steps; step++) {
            pipeline.advance(time.dividedBy(steps));
            pipeline.commit();
        }
        read();
    }

    private void read() {
        try {
            for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
                byte @Nullable [] value = record.value();
                published.put(
                        new String(record.key(), StandardCharsets.UTF_8),
                        value == null ? null : codec.readBudgetStatus(value));
            }
        } catch (MalformedRecordException broken) {
            throw new AssertionError(broken);
        }
    }

    /** Tenants of which the topic says something that has not ended. */
    private List<String> publishedTenants() {
        return published.values().stream()
                .filter(Objects::nonNull)
                .map(BudgetStatus::tenant)
                .distinct()
                .toList();
    }

    /** Rows of the budget store that are of a tenant. */
    private List<String> rowsOf(String tenant) {
        List<String> rows = new ArrayList<>();
        for (Bytes key : pipeline.stores().entries("budget").keySet()) {
            String text = new String(key.get(), StandardCharsets.UTF_8);
            if (text.contains(tenant)) {
                rows.add(text);
            }
        }
        return rows;
    }

    private List<String> shown() {
        return pipeline.budgetMeters().find("penstock.budget.used.usd").gauges().stream()
                .map(gauge -> String.valueOf(gauge.getId().getTag("tenant")))
                .distinct()
                .toList();
    }

    private void assertGone() {
        assertThat(rowsOf("user-")).isEmpty();
        assertThat(published.keySet())
                .as("all of them had been published")
                .contains("user-0|1h", "user-0|day", "user-0|month", "user-0|month|m-1", "user-999|month");
        assertThat(publishedTenants())
                .doesNotContain("user-0", "user-1", "user-999")
                .hasSizeLessThan(2);
        assertThat(shown()).hasSizeLessThan(2);
    }

    @Test
    void shouldForgetTenantsThatAreLongGoneWithoutTraffic() {
        // Given
        fill();
        assertThat(rowsOf("user-")).hasSizeGreaterThan(3 * TENANTS);

        // When
        pass(Duration.ofDays(32), 32);
        pass(Duration.ofMinutes(10), 60);

        // Then
        assertGone();
        assertThat(pipeline.stores().size("budget")).as("the ledger's own id").isOne();
        assertThat(publishedTenants()).isEmpty();
        assertThat(shown()).isEmpty();
    }

    @Test
    void shouldForgetThemWhileOthersAreServed() {
        // Given
        fill();

        // When
        for (int day = 0; day < 33; day++) {
            call("acme");
            pass(Duration.ofDays(1), 6);
        }
        call("acme");
        pass(Duration.ofMinutes(10), 60);

        // Then
        assertGone();
        assertThat(publishedTenants()).containsExactly("acme");
        assertThat(rowsOf("acme")).isNotEmpty();
        assertThat(shown()).containsExactly("acme");
    }

    @Test
    void shouldForgetThemAfterAStopInWhichTheirTimePassed() {
        // Given
        fill();

        // When
        pipeline.restartAfter(Duration.ofDays(32), new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pass(Duration.ofMinutes(1), 6);
        List<String> beforeAllIsRead = rowsOf("user-");
        pipeline.caughtUp();
        pass(Duration.ofMinutes(10), 60);

        // Then
        assertThat(beforeAllIsRead).isNotEmpty();
        assertGone();
        assertThat(pipeline.stores().size("budget")).isOne();
    }

    @Test
    void shouldKeepATenantUntilItsLastPeriodIsOver() {
        // Given
        call("user-0");
        pass(Duration.ofMinutes(1), 6);

        // When
        pass(
                Duration.between(pipeline.now(), TestPipeline.START.plus(Duration.ofDays(31)))
                        .minusMinutes(1),
                62);

        // Then
        assertThat(rowsOf("user-0")).isNotEmpty();
        assertThat(Objects.requireNonNull(published.get("user-0|month"))
                        .tokens()
                        .used())
                .isEqualTo(107);
    }

    @Test
    void shouldKeepWhoHasAPolicyUntilItIsDeleted() {
        // Given
        pipeline.govern("user-0", "{\"budgets\":[{\"budget_duration\":\"7d\",\"max_budget\":1}]}");
        call("user-0");
        pass(Duration.ofDays(70), 70);
        List<String> governed = rowsOf("user-0");

        // When
        pipeline.govern("user-0", null);
        pass(Duration.ofHours(3), 6);

        // Then
        assertThat(governed).isNotEmpty();
        assertThat(rowsOf("user-0")).isEmpty();
        assertThat(publishedTenants()).isEmpty();
        assertThat(published).containsEntry("user-0|7d", null);
    }

    @Test
    void shouldEndTheStatusOfAWindowThatAPolicyDrops() {
        // Given
        pipeline.govern("user-0", "{\"budgets\":[{\"budget_duration\":\"7d\",\"max_budget\":1}]}");
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        pipeline.govern("user-0", "{\"budgets\":[{\"budget_duration\":\"6h\",\"max_budget\":1}]}");
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(published).containsEntry("user-0|7d", null);
        assertThat(published.get("user-0|6h")).isNotNull();
        assertThat(pipeline.budgetMeters().find("penstock.budget.used.usd").gauges())
                .extracting(gauge -> gauge.getId().getTag("window"))
                .containsExactly("6h");
    }

    @Test
    void shouldEndTheStatusOfAWindowThatOtherDefaultsDrop() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        settings.add("budgets.budget_duration=2h");
        pipeline.restart(new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(published).containsEntry("user-0|1h", null);
        assertThat(published.get("user-0|2h")).isNotNull();
    }

    @Test
    void shouldEndTheStatusOfADroppedWindowThoughAStopComesFirst() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);
        settings.add("budgets.budget_duration=2h");
        pipeline.restart(new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pipeline.caughtUp();
        call("other");
        call("user-0");

        // When
        pipeline.restart(new Owner("node-3", "run-1"), settings.toArray(String[]::new));
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(published).containsEntry("user-0|1h", null);
        assertThat(published.get("user-0|2h")).isNotNull();
    }

    @Test
    void shouldKeepTheStatusOfAWindowThatComesBackBeforeItsEndIsPublished() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);
        settings.add("budgets.budget_duration=2h");
        pipeline.restart(new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pipeline.caughtUp();
        call("other");
        call("user-0");

        // When
        pipeline.govern("user-0", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":1}]}");
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(published.get("user-0|1h")).isNotNull();
        assertThat(published.get("user-0|2h"))
                .as("was in force for less than a second, or ended")
                .isNull();
    }

    @Test
    void shouldPublishTheEndOfADroppedWindowOnce() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);
        settings.add("budgets.budget_duration=2h");
        pipeline.restart(new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pass(Duration.ofSeconds(2), 2);

        // When
        pipeline.restart(new Owner("node-3", "run-1"), settings.toArray(String[]::new));
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // Then
        assertThat(pipeline.budgets()).isEmpty();
    }

    private void restart(String run, String set) {
        settings.add(set);
        pipeline.restart(new Owner("node-2", run), settings.toArray(String[]::new));
        pipeline.caughtUp();
        pass(Duration.ofSeconds(2), 2);
    }

    private List<String> shownWindows() {
        return pipeline.budgetMeters().find("penstock.budget.used.usd").gauges().stream()
                .map(gauge -> String.valueOf(gauge.getId().getTag("window")))
                .sorted()
                .toList();
    }

    @Test
    void shouldEndTheStatusOfAWindowThatOtherDefaultsBrought() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        restart("run-1", "budgets.budget_duration=2h");
        BudgetStatus second = published.get("user-0|2h");
        restart("run-2", "budgets.budget_duration=3h");
        Map<String, @Nullable BudgetStatus> third = new TreeMap<>(published);
        List<String> shown = shownWindows();
        pass(Duration.ofDays(32), 32);
        pass(Duration.ofMinutes(10), 60);

        // Then
        assertThat(second).isNotNull();
        assertThat(third).containsEntry("user-0|1h", null).containsEntry("user-0|2h", null);
        assertThat(third.get("user-0|3h")).isNotNull();
        assertThat(shown).containsExactly("3h");
        assertThat(published.values()).containsOnlyNulls();
        assertThat(shown()).isEmpty();
    }

    @Test
    void shouldPublishOtherDefaultLimitsOfTenantsThatAreIdle() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        restart("run-1", "budgets.max_budget=0.05");

        // Then
        BudgetStatus hour = Objects.requireNonNull(published.get("user-0|1h"));
        assertThat(Objects.requireNonNull(hour.usd()).limit()).isEqualByComparingTo("0.05");
        assertThat(hour.state()).isEqualTo(BudgetStatus.State.EXCEEDED);
        assertThat(pipeline.alerts()).as("at 50, 80 and 100 %").hasSize(3);
        assertThat(pipeline.budgetMeters()
                        .get("penstock.budget.limit.usd")
                        .gauge()
                        .value())
                .isEqualTo(0.05);
    }

    @Test
    void shouldPublishTheDaysOfAnotherTimeZoneOfTenantsThatAreIdle() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        restart("run-1", "budgets.time_zone=Asia/Kolkata");

        // Then
        assertThat(Objects.requireNonNull(published.get("user-0|day")).resetsAt())
                .isEqualTo(Instant.parse("2026-01-01T18:30:00Z"));
    }

    /** The window that it replaced had not been published, and is shown nowhere. */
    @Test
    void shouldShowAWindowThatComesBackBeforeItsEndIsPublished() {
        // Given
        call("user-0");
        pass(Duration.ofSeconds(2), 2);
        settings.add("budgets.budget_duration=2h");
        pipeline.restart(new Owner("node-2", "run-1"), settings.toArray(String[]::new));
        pipeline.caughtUp();

        // When
        pipeline.govern("user-0", "{\"budgets\":[{\"budget_duration\":\"1h\",\"max_budget\":1}]}");
        pipeline.commit();
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(published.get("user-0|1h")).isNotNull();
        assertThat(published).doesNotContainKey("user-0|2h");
        assertThat(shownWindows()).containsExactly("1h");
    }

    @Test
    void shouldPublishNothingAgainAtAStartUnderTheSameDefaults() {
        // Given
        restart("run-1", "budgets.max_budget=5.00");
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // When
        pipeline.restart(new Owner("node-2", "run-2"), settings.toArray(String[]::new));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(2));
        pipeline.commit();

        // Then
        assertThat(pipeline.budgets()).isEmpty();
    }

    @Test
    void shouldKeepATenantWhoseCallIsStillOpen() {
        // Given
        pipeline.send("user-0", Requests.request("lost", ""));
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        pass(Duration.ofMinutes(65), 65);

        // Then
        assertThat(rowsOf("user-0")).isNotEmpty();
    }

    @Test
    void shouldBeginAnewWithATenantThatComesBack() {
        // Given
        call("user-0");
        pass(Duration.ofDays(32), 32);
        assertThat(rowsOf("user-0")).isEmpty();

        // When
        call("user-0");
        call("user-0");
        pass(Duration.ofSeconds(2), 2);

        // Then
        assertThat(Objects.requireNonNull(published.get("user-0|month"))
                        .tokens()
                        .used())
                .isEqualTo(214);
        assertThat(Objects.requireNonNull(published.get("user-0|month|m-1"))
                        .tokens()
                        .used())
                .isEqualTo(214);
        assertThat(shown()).containsExactly("user-0");
    }
}
