package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answeredBy;
import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.ended;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies and usage events of others do, and what is told by model. Calls of 100 output tokens. */
class PolicyFlowTest {

    private static final String TEN_CENTS = "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":0.10}]}";
    private static final TokenUsage ALL_OF_IT = new TokenUsage(0, 100, 0, 0);

    private final WireCodec codec = new WireCodec();
    private TestPipeline pipeline;

    @SuppressWarnings("NullAway.Init") // the pipeline is opened before each test
    PolicyFlowTest() {}

    @BeforeEach
    void open(@TempDir Path dir) throws IOException {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, """
                models:
                  dear: {input: 0, output: 0.001}
                  cheap: {input: 0, output: 0.0001}
                """);
        pipeline = new TestPipeline(configured("budgets.prices=" + prices));
    }

    private static String[] configured(String... more) {
        List<String> sets = new ArrayList<>(List.of(
                "budgets.enabled=true",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "provider.unlisted_models=pass",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear"));
        sets.addAll(List.of(more));
        return sets.toArray(String[]::new);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static String request(String customId, String model, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }

    private void send(String customId, String model) {
        pipeline.send("acme", request(customId, model, ""));
        pipeline.commit();
    }

    private void answer() {
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(answeredBy(launch, launch.state().target(), ALL_OF_IT));
    }

    private List<String> targets() {
        return pipeline.takeLaunched().stream()
                .map(launch -> launch.state().target())
                .toList();
    }

    private List<String> alerts() throws MalformedRecordException {
        List<String> alerts = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.alerts()) {
            alerts.add(String.valueOf(codec.readAlert(record.value()).to()));
        }
        return alerts;
    }

    @Test
    void shouldDenyATierThatIsNotAllowed() {
        // Given
        pipeline.govern("acme", "{\"budgets\":[],\"allowed_tiers\":[\"simple\"]}");

        // When
        send("a-1", "tier:complex");
        send("a-2", "tier:simple");

        // Then
        TestRecord<byte[], byte[]> denied = only(pipeline.deadLetters());
        assertThat(header(denied, "llm.dlq.code")).isEqualTo("budget.tier_not_allowed");
        assertThat(header(denied, "llm.dlq.detail")).contains("tier complex").contains("simple");
        assertThat(targets()).containsExactly("cheap");
        assertThat(pipeline.permits().inUse()).isEqualTo(1);
    }

    @Test
    void shouldTakeAnAllowedTierWhereTheRequestLeavesItOpen() {
        // Given
        pipeline.govern("acme", "{\"budgets\":[],\"allowed_tiers\":[\"simple\"]}");
        pipeline.govern("beta", "{\"budgets\":[],\"allowed_tiers\":[\"complex\"]}");

        // When
        pipeline.send("acme", request("a-1", "auto", ",\"task\":\"complex\""));
        pipeline.send("beta", request("b-1", "auto", ",\"task\":\"simple\""));
        pipeline.commit();

        // Then
        assertThat(targets()).containsExactly("cheap", "dear");
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldServeAModelByNameOnlyIfAnAllowedTierHasIt() {
        // Given
        pipeline.govern("acme", "{\"budgets\":[],\"allowed_tiers\":[\"simple\"]}");

        // When
        send("a-1", "dear");
        send("a-2", "cheap");
        send("a-3", "something-else");

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.tier_not_allowed", "budget.tier_not_allowed");
        assertThat(targets()).containsExactly("cheap");
    }

    @Test
    void shouldAllowEveryTierWhereThePolicyDoesNotSay() {
        // Given
        pipeline.govern("acme", "{\"budgets\":[]}");

        // When
        send("a-1", "tier:complex");
        send("a-2", "dear");

        // Then
        assertThat(targets()).containsExactly("dear", "dear");
    }

    @Test
    void shouldHoldTenantsWithoutAPolicyToTheTiersOfTheConfiguration() {
        // Given
        pipeline.restart(new Owner("node-1", "run-3"), configured("budgets.allowed_tiers=simple"));
        pipeline.caughtUp();
        pipeline.govern("beta", "{\"budgets\":[],\"allowed_tiers\":[\"complex\"]}");

        // When
        send("a-1", "tier:complex");
        pipeline.send("beta", request("b-1", "tier:complex", ""));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.tier_not_allowed");
        assertThat(targets()).containsExactly("dear");
    }

    @Test
    void shouldGiveTenantsWithoutAPolicyTheWeightOfTheConfiguration() {
        // Given
        pipeline.restart(new Owner("node-1", "run-3"), configured("budgets.weight=10", "dispatch.permits=1"));
        pipeline.caughtUp();
        pipeline.govern("beta", "{\"budgets\":[],\"weight\":1}");
        for (int i = 0; i < 12; i++) {
            pipeline.send("acme", request("a-" + i, "cheap", ""));
            pipeline.send("beta", request("b-" + i, "cheap", ""));
        }
        pipeline.commit();

        // When
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            Launch launch = pipeline.takeOneLaunched();
            order.add(launch.ticket().tenant());
            pipeline.endCall(launch);
            pipeline.deliver(answeredBy(launch, "cheap", ALL_OF_IT));
            pipeline.commit();
        }

        // Then
        assertThat(order).filteredOn("beta"::equals).hasSizeBetween(1, 2);
    }

    @Test
    void shouldLetHeldCallsOutAsSoonAsACallWasCheaperThanItsReservation() {
        // Given
        pipeline.govern(
                "acme",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":0.21}],\"on_budget_spent\":\"hold\"}");
        for (int i = 0; i < 5; i++) {
            send("a-" + i, "dear");
        }
        List<Launch> first = pipeline.takeLaunched();

        // When
        pipeline.deliver(answeredBy(first.getFirst(), "dear", new TokenUsage(0, 1, 0, 0)));
        pipeline.commit();
        List<Launch> second = pipeline.takeLaunched();
        pipeline.deliver(answeredBy(first.getLast(), "dear", ALL_OF_IT));
        pipeline.commit();

        // Then
        assertThat(first).hasSize(2);
        assertThat(second).extracting(launch -> launch.ticket().customId()).containsExactly("a-2");
        assertThat(pipeline.takeLaunched()).as("nothing has come free").isEmpty();
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldEndAHeldCallAtItsDeadline() {
        // Given
        pipeline.govern("acme", TEN_CENTS.replace("]}", "],\"on_budget_spent\":\"hold\"}"));
        send("a-1", "dear");
        pipeline.takeOneLaunched();

        // When
        pipeline.send("acme", request("a-2", "dear", ",\"timeout_ms\":60000"));
        pipeline.advance(Duration.ofSeconds(59));
        List<String> before = codes(pipeline.deadLetters());
        pipeline.advance(Duration.ofSeconds(1));

        // Then
        assertThat(before).isEmpty();
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
    }

    @Test
    void shouldServeFromTheCacheWhatNoBudgetCouldPay() {
        // Given
        pipeline.govern("acme", TEN_CENTS);
        pipeline.send("acme", request("a-1", "dear", ",\"cache\":{\"ttl_ms\":60000}"));
        pipeline.commit();
        pipeline.deliver(completed(pipeline.takeOneLaunched(), "hi"));
        pipeline.send("acme", request("b-1", "dear", ",\"cache\":\"bypass\""));
        pipeline.commit();
        assertThat(targets()).as("holds all that is left").containsExactly("dear");
        pipeline.results();
        pipeline.usage();

        // When
        pipeline.send("acme", request("a-2", "dear", ",\"cache\":{\"ttl_ms\":60000}"));
        pipeline.commit();

        // Then
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.usage()).isEmpty();
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":-1}]}",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":1e13}]}",
                "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":9,\"soft_budget\":10}]}",
                "{\"budgets\":[{\"budget_duration\":\"day\",\"max_budget\":9,\"time_zone\":\"Mars/Olympus\"}]}",
                "{\"budgets\":[],\"rpm_limit\":5}",
                "{\"allowed_tiers\":[]}",
                "{\"tenant\":\"beta\",\"budgets\":[]}",
                "{\"budgets\":"
            })
    void shouldRefuseABrokenPolicyAndKeepTheLastGoodOne(String broken) throws Exception {
        // Given
        pipeline.govern("acme", TEN_CENTS);

        // When
        pipeline.govern("acme", broken);
        send("a-1", "dear");
        send("a-2", "dear");

        // Then
        assertThat(alerts()).containsExactly("policy_refused", "month usd exhausted");
        assertThat(targets()).containsExactly("dear");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldWarnOnceWhenTheSoftLimitIsPassed() throws Exception {
        // Given
        pipeline.govern(
                "acme", "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":10,\"soft_budget\":0.15}]}");

        // When
        for (int i = 0; i < 4; i++) {
            send("a-" + i, "dear");
            answer();
        }

        // Then
        assertThat(alerts()).containsExactly("month usd soft");
    }

    @Test
    void shouldRefuseUsageThatIsNegativeOrContradictsItself() throws Exception {
        // Given
        pipeline.govern("acme", TEN_CENTS);

        // When
        pipeline.publishUsage("acme", usage("e-1", "0.01", 5));
        pipeline.publishUsage("acme", usage("e-1", "0.01", 5));
        pipeline.publishUsage("acme", usage("e-1", "0.09", 5));
        pipeline.publishUsage("acme", usage("e-2", "0.09", -5));
        pipeline.publishUsage("acme", usage("e-3", "-0.09", 5));
        pipeline.advance(Duration.ofSeconds(1));

        // Then
        assertThat(alerts()).containsExactly("usage_refused", "usage_refused", "usage_refused");
        assertThat(told().get("acme|month")).isEqualByComparingTo("0.01");
    }

    private byte[] usage(String id, String usd, int tokens) {
        return ("{\"event_id\":\"" + id + "\",\"tenant\":\"acme\",\"request_id\":\"r-1\",\"attempt\":1,"
                        + "\"provider\":\"gateway\",\"model\":\"m-9\",\"cost_usd\":" + usd
                        + ",\"usage\":{\"prompt_tokens\":" + tokens + ",\"completion_tokens\":0,\"cached_tokens\":0,"
                        + "\"reasoning_tokens\":0},\"status\":\"billed\",\"batch_size\":1,\"source\":\"provider\","
                        + "\"at\":\"" + pipeline.now() + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellWhatEachModelCostAndOnlyWhatChanged() throws Exception {
        // Given
        pipeline.govern("acme", "{\"budgets\":[]}");
        send("a-1", "dear");
        answer();
        pipeline.advance(Duration.ofSeconds(1));
        Map<String, @Nullable BigDecimal> first = told();

        // When
        send("a-2", "cheap");
        answer();
        pipeline.advance(Duration.ofSeconds(1));
        Map<String, @Nullable BigDecimal> second = told();

        // Then
        assertThat(first.keySet())
                .containsExactlyInAnyOrder("acme|day", "acme|month", "acme|day|dear", "acme|month|dear");
        assertThat(first.get("acme|month|dear")).isEqualByComparingTo("0.1");
        assertThat(second.keySet())
                .containsExactlyInAnyOrder("acme|day", "acme|month", "acme|day|cheap", "acme|month|cheap");
        assertThat(second.get("acme|month")).isEqualByComparingTo("0.11");
        assertThat(second.get("acme|month|cheap")).isEqualByComparingTo("0.01");
    }

    @Test
    void shouldMoveALateAnswerToTheModelThatGaveIt() throws Exception {
        // Given
        pipeline.govern("acme", "{\"budgets\":[]}");
        send("a-1", "tier:medium");
        Launch launch = pipeline.takeOneLaunched();
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.LOST));
        pipeline.advance(Duration.ofSeconds(1));
        BigDecimal unknown = told().get("acme|day|cheap");

        // When
        pipeline.publishUsage(
                "acme",
                ("{\"event_id\":\"" + launch.ticket().id() + "#1\",\"tenant\":\"acme\",\"request_id\":\""
                                + launch.ticket().id() + "\",\"attempt\":1,\"provider\":\"dear\",\"model\":\"dear\","
                                + "\"cost_usd\":0.07,\"status\":\"corrected\",\"batch_size\":1,\"source\":\"provider\","
                                + "\"at\":\"" + pipeline.now() + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        pipeline.advance(Duration.ofSeconds(1));
        Map<String, @Nullable BigDecimal> corrected = told();

        // Then
        assertThat(unknown).isEqualByComparingTo("0.1");
        assertThat(corrected.get("acme|day|cheap")).isZero();
        assertThat(corrected.get("acme|day|dear")).isEqualByComparingTo("0.07");
        assertThat(corrected.get("acme|day")).isEqualByComparingTo("0.07");
    }

    @Test
    void shouldEndTheShareOfAModelThatANewPeriodHasEmptied() throws Exception {
        // Given
        pipeline.govern("acme", "{\"budgets\":[]}");
        send("a-1", "dear");
        answer();
        pipeline.advance(Duration.ofSeconds(1));
        told();

        // When
        pipeline.advance(Duration.between(pipeline.now(), Instant.parse("2026-01-02T00:00:00Z")));
        Map<String, @Nullable BigDecimal> nextDay = told();
        pipeline.advance(Duration.ofDays(1));

        // Then
        assertThat(nextDay).containsEntry("acme|day|dear", null);
        assertThat(nextDay).doesNotContainKey("acme|month|dear");
        assertThat(told()).as("told once").doesNotContainKey("acme|day|dear");
    }

    /** US dollars of the last status of each key since this was asked last; null for what is not counted any more. */
    private Map<String, @Nullable BigDecimal> told() throws MalformedRecordException {
        Map<String, @Nullable BigDecimal> told = new LinkedHashMap<>();
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            byte @Nullable [] value = record.value();
            if (value == null) {
                told.put(key, null);
                continue;
            }
            BudgetStatus status = codec.readBudgetStatus(value);
            assertThat(key).isEqualTo(status.key());
            told.put(key, Objects.requireNonNull(status.usd()).used());
        }
        return told;
    }
}
