package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.OutcomeFixtures.ended;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Outcome;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls of 100 output tokens at a tenth of a cent each: every one of them reserves ten cents. */
class BudgetFlowTest {

    private static final TokenUsage ALL_OF_IT = new TokenUsage(7, 100, 0, 0);

    private final WireCodec codec = new WireCodec();
    private Path prices = Path.of("set before each test");
    private @Nullable TestPipeline opened;

    @BeforeEach
    void writePrices(@TempDir Path dir) throws IOException {
        prices = dir.resolve("prices.yaml");
        Files.writeString(prices, """
                version: v-1
                models:
                  m-1: {input: 0, output: 0.001}
                  dear: {input: 0, output: 0.001}
                  cheap: {input: 0, output: 0.0001}
                """);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private TestPipeline pipeline(String... sets) {
        opened = new TestPipeline(priced(sets));
        return opened;
    }

    private String[] priced(String... sets) {
        List<String> all = new ArrayList<>(List.of(sets));
        all.add("budgets.enabled=true");
        all.add("budgets.prices=" + prices);
        return all.toArray(String[]::new);
    }

    private static String request(String customId) {
        return request(customId, "m-1", "");
    }

    private static String request(String customId, String model, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }

    private static String policy(String usd) {
        return "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":" + usd + "}]}";
    }

    private PenstockSection result(TestRecord<byte[], byte[]> record) throws MalformedRecordException {
        return codec.readResult(record.value()).penstock();
    }

    private UsageEvent event(TestRecord<byte[], byte[]> record) throws MalformedRecordException {
        return codec.readUsageEvent(record.value());
    }

    private List<String> alerts(TestPipeline pipeline) throws MalformedRecordException {
        List<String> alerts = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.alerts()) {
            alerts.add(String.valueOf(codec.readAlert(record.value()).to()));
        }
        return alerts;
    }

    @Test
    void shouldKeepNothingAndDenyNothingWithoutAnyBudget() {
        // Given
        opened = new TestPipeline("budgets.enabled=true");
        opened.send("acme", request("a-1"));
        opened.commit();
        opened.stores().takeAccesses("budget");

        // When
        opened.send("acme", request("a-2"));
        opened.commit();
        opened.takeLaunched().forEach(launch -> opened.deliver(answered(launch, "hi")));
        opened.advance(Duration.ofSeconds(2));

        // Then
        assertThat(opened.results()).hasSize(2);
        assertThat(opened.stores().takeAccesses("budget")).isZero();
        assertThat(opened.stores().size("budget")).isZero();
        assertThat(opened.budgets()).isEmpty();
    }

    @Test
    void shouldSayWhatACallCostAndHoldNobodyToItWhileBudgetsAreOff() throws Exception {
        // Given
        opened = new TestPipeline("budgets.prices=" + prices);
        opened.send("acme", request("a-1"));
        opened.commit();

        // When
        opened.deliver(answered(opened.takeOneLaunched(), "hi", ALL_OF_IT));
        opened.commit();

        // Then
        assertThat(result(only(opened.results())).costUsd()).isEqualByComparingTo("0.1");
        assertThat(event(only(opened.usage())).costUsd()).isEqualByComparingTo("0.1");
        assertThat(opened.stores().takeAccesses("budget")).isZero();
    }

    @Test
    void shouldPassOverAPolicyThatWasForwardedBeforeBudgetsWereTurnedOff() {
        // Given
        opened = new TestPipeline();
        RecordHeaders headers = new RecordHeaders();
        headers.add("penstock.origin.topic", "llm.tenants".getBytes(StandardCharsets.UTF_8));

        // When
        opened.sendRerouted(new TestRecord<>(
                "acme".getBytes(StandardCharsets.UTF_8),
                policy("1").getBytes(StandardCharsets.UTF_8),
                headers,
                opened.now()));

        // Then
        assertThat(opened.deadLetters()).isEmpty();
    }

    @Test
    void shouldDenyWhatTheBudgetDoesNotHoldAndSayWhenItResets() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.25");

        // When
        for (int i = 0; i < 3; i++) {
            pipeline.send("acme", request("a-" + i));
        }
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(2);
        TestRecord<byte[], byte[]> denied = only(pipeline.deadLetters());
        assertThat(header(denied, "llm.dlq.code")).isEqualTo("budget.exceeded");
        assertThat(header(denied, "llm.dlq.retryable")).isEqualTo("true");
        assertThat(header(denied, "llm.dlq.detail")).contains("month").contains("2026-02-01T00:00:00Z");
        assertThat(header(denied, "llm.dlq.resets.at")).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(pipeline.permits().inUse()).isEqualTo(2);
    }

    @Test
    void shouldNotLetOneTenantSpendWhatIsAnothers() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");

        // When
        pipeline.send("acme", request("a-1"));
        pipeline.send("other", request("a-1"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    @Test
    void shouldTellWhatACallCostAndWhatWasHeldForIt() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));

        // Then
        PenstockSection result = result(only(pipeline.results()));
        assertThat(result.costUsd()).isEqualByComparingTo("0.005");
        assertThat(result.reservedUsd()).isEqualByComparingTo("0.1");
        UsageEvent event = event(only(pipeline.usage()));
        assertThat(event.costUsd()).isEqualByComparingTo("0.005");
        assertThat(event.priceVersion()).isEqualTo("v-1");
        assertThat(event.at()).isEqualTo(TestPipeline.START);
    }

    @Test
    void shouldSetTheRestOfAReservationFreeWhenTheCallWasCheaper() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.11");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi"));

        // When
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldReleaseWhatWasCertainlyNotBilled() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_BAD_REQUEST, false));

        // When
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.usage()).isEmpty();
    }

    @Test
    void shouldReserveAnewWhatWasNotSent() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.NOT_SENT));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeOneLaunched().number()).isEqualTo(2);
    }

    @Test
    void shouldChargeALostCallAtItsWorstCaseUntilALateAnswerCorrectsIt() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.15");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(launch);
        pipeline.deliver(ended(launch, Outcome.Kind.LOST));
        pipeline.commit();

        // Then
        UsageEvent unknown = event(only(pipeline.usage()));
        assertThat(unknown.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
        assertThat(unknown.costUsd()).isEqualByComparingTo("0.1");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");

        // When
        pipeline.deliver(answered(launch, "hi"));
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        UsageEvent corrected = event(only(pipeline.usage()));
        assertThat(corrected.status()).isEqualTo(UsageEvent.Status.CORRECTED);
        assertThat(corrected.eventId()).isEqualTo(unknown.eventId());
        assertThat(corrected.costUsd()).isEqualByComparingTo("0.005");
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldChargeDuplicatesAndFollowersNothing() throws Exception {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));
        pipeline.send("acme", request("a-1"));
        pipeline.commit();

        // When
        pipeline.deliver(answered(pipeline.takeOneLaunched(), "hi", ALL_OF_IT));
        pipeline.send("acme", request("a-1"));

        // Then
        List<BigDecimal> costs = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            BigDecimal cost = result(record).costUsd();
            if (cost != null) {
                costs.add(cost);
            }
        }
        assertThat(only(costs)).isEqualByComparingTo("0.1");
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldKeepReservationsOverARestart() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));
        pipeline.commit();

        // When
        pipeline.restart(new Owner("node-2", "run-1"), priced("budgets.max_budget=0.10"));
        pipeline.caughtUp();
        pipeline.send("acme", request("a-2"));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldHoldNothingForACallWhoseTransactionWasRolledBack() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10");
        pipeline.send("acme", request("a-1"));

        // When
        pipeline.abortAndRevive();
        pipeline.caughtUp();
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldPutAPolicyInForceWithoutARestart() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", policy("0.10"));
        pipeline.send("acme", request("a-1"));
        pipeline.send("acme", request("a-2"));
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");

        // When
        pipeline.govern("acme", policy("0.20"));
        pipeline.send("acme", request("a-3"));
        pipeline.commit();

        // Then
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    @Test
    void shouldTakeTheDefaultsWhenAPolicyIsDeleted() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", policy("0"));

        // When
        pipeline.govern("acme", null);
        pipeline.send("acme", request("a-1"));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldKeepTheLastGoodPolicyWhenABrokenOneComes() throws Exception {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", policy("0.10"));

        // When
        pipeline.govern("acme", "{\"budgetz\":[]}");
        pipeline.send("acme", request("a-1"));
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        assertThat(alerts(pipeline)).containsExactly("policy_refused", "month usd exhausted");
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldDenyATenantWhoseOnlyPolicyIsBrokenAlsoAfterARestart() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", "no policy");
        pipeline.commit();

        // When
        pipeline.send("acme", request("a-1"));
        List<String> before = codes(pipeline.deadLetters());
        pipeline.restart(new Owner("node-1", "run-3"), priced());
        pipeline.caughtUp();
        pipeline.send("acme", request("a-2"));
        pipeline.send("other", request("a-1"));
        pipeline.commit();

        // Then
        assertThat(before).containsExactly("budget.policy_invalid");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.policy_invalid");
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
    void shouldNotLetAnOlderCopyFromAForeignPartitionWin() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", policy("0"));

        // When
        pipeline.sendReroutedControl(copy(policy("9"), pipeline.now().minusMillis(1)));
        pipeline.send("acme", request("a-1"));
        List<String> underTheOlder = codes(pipeline.deadLetters());
        pipeline.sendReroutedControl(copy(policy("9"), pipeline.now().plusMillis(1)));
        pipeline.send("acme", request("a-2"));
        pipeline.commit();

        // Then
        assertThat(underTheOlder).containsExactly("budget.exceeded");
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldReadAPolicyThatAnEarlierVersionForwardedAmongTheRequests() {
        // Given
        TestPipeline pipeline = pipeline();

        // When
        pipeline.sendRerouted(copy(policy("0"), pipeline.now()));
        pipeline.send("acme", request("a-1"));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    private static TestRecord<byte[], byte[]> copy(String policy, Instant at) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("penstock.origin.topic", "llm.tenants".getBytes(StandardCharsets.UTF_8));
        headers.add(
                "penstock.origin.timestamp", Long.toString(at.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        return new TestRecord<>(
                "acme".getBytes(StandardCharsets.UTF_8), policy.getBytes(StandardCharsets.UTF_8), headers);
    }

    @Test
    void shouldHoldACallUntilTheReset() {
        // Given
        TestPipeline pipeline =
                pipeline("budgets.max_budget=0.10", "budgets.budget_duration=1h", "budgets.on_spent=hold");
        pipeline.send("acme", request("a-1", "m-1", ",\"timeout_ms\":7200000"));
        pipeline.send("acme", request("a-2", "m-1", ",\"timeout_ms\":7200000"));
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        pipeline.advance(Duration.ofMinutes(60).minusSeconds(1));
        pipeline.commit();
        List<Launch> before = pipeline.takeLaunched();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-2");
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldNotLetHeldCallsCloseIntakeAndRejectMoreThanMayBeHeld() {
        // Given
        TestPipeline pipeline = pipeline(
                "budgets.max_budget=0.10",
                "budgets.budget_duration=1h",
                "budgets.on_spent=hold",
                "budgets.max_held=3",
                "dispatch.waiting.max_items=2");
        pipeline.send("acme", request("a-0"));
        pipeline.commit();

        // When
        for (int i = 1; i <= 5; i++) {
            pipeline.send("acme", request("a-" + i));
        }
        pipeline.commit();

        // Then
        assertThat(pipeline.valve().full()).isEmpty();
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        assertThat(codes(letters)).containsExactly("budget.exceeded", "budget.exceeded");
        assertThat(header(letters.getFirst(), "llm.dlq.detail"))
                .startsWith("held requests of the tenant: 4 (expected: at most 3, budgets.max_held); the 1h budget");
        assertThat(pipeline.waiting().waiting()).isEqualTo(3);
    }

    @Test
    void shouldBoundTheBytesThatATenantHoldsAndLetOthersHoldTheirs() {
        // Given
        String[] sets = {
            "budgets.max_budget=0.10",
            "budgets.budget_duration=1h",
            "budgets.on_spent=hold",
            "budgets.max_held_bytes=1MiB"
        };
        TestPipeline pipeline = pipeline(sets);
        String text = "x".repeat(200_000);
        for (String tenant : List.of("acme", "beta")) {
            for (int i = 0; i < 8; i++) {
                pipeline.send(tenant, request("a-" + i).replace("hello", text));
            }
        }
        pipeline.commit();

        // When
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        int held = pipeline.waiting().held();
        long bytes = pipeline.waiting().heldBytes();
        pipeline.restart(
                new Owner("node-1", "run-3"),
                priced(
                        "budgets.max_budget=0.10",
                        "budgets.budget_duration=1h",
                        "budgets.on_spent=hold",
                        "budgets.max_held=1"));
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(31));

        // Then: of each one left and five are held, also under a lower limit; what was lost is refused
        assertThat(codes(letters)).hasSize(4).containsOnly("budget.exceeded");
        assertThat(header(letters.getFirst(), "llm.dlq.detail"))
                .matches(
                        "held bytes of the tenant: 120[0-9]{4} \\(expected: at most 1048576, budgets.max_held_bytes\\).*");
        assertThat(held).isEqualTo(10);
        assertThat(bytes).isBetween(2_010_000L, 2L << 20);
        assertThat(pipeline.waiting().held()).isEqualTo(10);
        assertThat(pipeline.waiting().heldBytes()).isEqualTo(bytes);
        assertThat(pipeline.deadLetters())
                .hasSize(2)
                .allMatch(letter ->
                        String.valueOf(header(letter, "llm.dlq.detail")).contains("budgets.max_held)"));
    }

    @Test
    void shouldKnowAfterARestartWhatABudgetHolds() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.10", "budgets.on_spent=hold");
        for (int i = 0; i < 4; i++) {
            pipeline.send("acme", request("a-" + i));
        }
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        pipeline.restart(
                new Owner("node-1", "run-3"),
                priced("budgets.max_budget=1", "budgets.on_spent=hold", "dispatch.waiting.max_items=2"));
        pipeline.caughtUp();
        boolean closed = !pipeline.valve().full().isEmpty();
        pipeline.advance(Duration.ofSeconds(31));
        pipeline.commit();

        // Then
        assertThat(closed).isFalse();
        assertThat(pipeline.takeLaunched())
                .as("the one that was lost, and the three that were held")
                .hasSize(4)
                .extracting(launch -> launch.ticket().id())
                .contains(first.ticket().id());
    }

    @Test
    void shouldHoldATenantToTheCallsThatItsPolicyAllowsAtOnce() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", "{\"budgets\":[],\"max_in_flight\":2}");

        // When
        for (int i = 0; i < 4; i++) {
            pipeline.send("acme", request("a-" + i));
            pipeline.send("beta", request("b-" + i));
        }
        pipeline.commit();
        List<Launch> first = pipeline.takeLaunched();
        pipeline.govern("acme", "{\"budgets\":[],\"max_in_flight\":3}");
        first.stream()
                .filter(launch -> launch.ticket().tenant().equals("acme"))
                .limit(1)
                .forEach(launch -> pipeline.deliver(answered(launch, "hi")));
        pipeline.commit();

        // Then
        assertThat(first)
                .extracting(launch -> launch.ticket().tenant())
                .filteredOn("acme"::equals)
                .hasSize(2);
        assertThat(first).hasSize(6);
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    @Test
    void shouldLetOutWhatARaisedCapAllowsThoughNoCallHasEnded() {
        // Given
        TestPipeline pipeline = pipeline();
        pipeline.govern("acme", "{\"budgets\":[],\"max_in_flight\":1}");
        for (int i = 0; i < 4; i++) {
            pipeline.send("acme", request("a-" + i));
        }
        pipeline.commit();
        List<Launch> first = pipeline.takeLaunched();

        // When
        pipeline.govern("acme", "{\"budgets\":[],\"max_in_flight\":3}");
        pipeline.commit();
        List<Launch> raised = pipeline.takeLaunched();
        pipeline.govern("acme", null);
        pipeline.commit();

        // Then
        assertThat(first).hasSize(1);
        assertThat(raised).hasSize(2);
        assertThat(pipeline.takeLaunched()).as("no cap at all").hasSize(1);
    }

    @Test
    void shouldLetOutWhatARaisedBudgetAllowsAtOnce() {
        // Given
        TestPipeline pipeline = pipeline("budgets.on_spent=hold");
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"day\",\"max_budget\":0.15}]}");
        pipeline.send("acme", request("a-1"));
        pipeline.send("acme", request("a-2"));
        pipeline.commit();
        List<Launch> first = pipeline.takeLaunched();

        // When
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"day\",\"max_budget\":0.25}]}");
        pipeline.commit();

        // Then
        assertThat(first).hasSize(1);
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldNotHoldWhatNoPeriodCanPay() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.05", "budgets.on_spent=hold");

        // When
        pipeline.send("acme", request("a-1"));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldTakeACheaperTierWhenAskedTo() {
        // Given
        TestPipeline pipeline = pipeline(
                "budgets.max_budget=0.11",
                "budgets.on_spent=downgrade",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap",
                "tiers.complex.chain=dear");
        pipeline.send("acme", request("a-1", "tier:complex", ""));
        pipeline.send("acme", request("a-2", "tier:complex", ""));

        // When
        pipeline.send("acme", request("a-3", "tier:complex", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear", "cheap");
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    private TestPipeline nearTheEndOfABudgetForOneAllowedTier() {
        return pipeline(
                "budgets.max_budget=0.15",
                "budgets.on_spent=downgrade",
                "budgets.allowed_tiers=complex",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseAnOpenRequestWhoseOnlyAffordableTierIsNotAllowed() {
        // Given
        TestPipeline pipeline = nearTheEndOfABudgetForOneAllowedTier();
        pipeline.send("acme", request("a-1", "auto", ",\"task\":\"complex\""));
        pipeline.commit();
        pipeline.takeLaunched();

        // When
        pipeline.send("acme", request("a-2", "auto", ",\"task\":\"complex\""));
        pipeline.send("other", request("o-1", "auto", ",\"task\":\"complex\""));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldSayThatTheBudgetIsExceededWhereTheAllowedTierWasAskedFor() {
        // Given
        TestPipeline pipeline = nearTheEndOfABudgetForOneAllowedTier();
        pipeline.send("acme", request("a-1", "tier:complex", ""));

        // When
        pipeline.send("acme", request("a-2", "tier:complex", ""));
        pipeline.send("other", request("o-1", "tier:complex", ""));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        assertThat(pipeline.takeLaunched())
                .extracting(launch -> launch.state().target())
                .containsExactly("dear", "dear");
    }

    @Test
    void shouldDenyAModelWithoutAPriceUnderABudgetInMoney() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=5");

        // When
        pipeline.send("acme", request("a-1", "m-2", ""));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.price_unknown");
    }

    @Test
    void shouldDenyContentWithoutABoundUnlessOneIsDeclared() {
        // Given
        String image = request("a-1")
                .replace("\"hello\"", "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x/y\"}}]");
        TestPipeline pipeline = pipeline("budgets.max_budget=5");
        pipeline.send("acme", image);
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.unbounded");
        pipeline.close();

        // When
        TestPipeline declared = pipeline("budgets.max_budget=5", "budgets.tokens_of_part=image_url=1500");
        declared.send("acme", image);
        declared.commit();

        // Then
        assertThat(declared.takeLaunched()).hasSize(1);
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

    private BudgetStatus.Dollars month(TestPipeline pipeline) throws MalformedRecordException {
        BudgetStatus last = null;
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            BudgetStatus status = codec.readBudgetStatus(record.value());
            last = status.window().equals("month") && status.model() == null ? status : last;
        }
        return Objects.requireNonNull(Objects.requireNonNull(last).usd());
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

    private static byte[] usage(String id, String usd, Instant at) {
        return ("{\"event_id\":\"" + id + "\",\"tenant\":\"acme\",\"request_id\":\"r-1\",\"attempt\":1,"
                        + "\"provider\":\"gateway\",\"model\":\"m-9\",\"cost_usd\":" + usd
                        + ",\"status\":\"billed\",\"batch_size\":1,\"source\":\"provider\",\"at\":\"" + at + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldAdmitExactlyFiftyOfAThousandCallsThatCostAFiftiethOfTheBudgetEach() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=5.00");
        for (int i = 0; i < 1_000; i++) {
            pipeline.send("acme", request("a-" + i));
        }
        pipeline.commit();

        // When
        List<Launch> launched = pipeline.takeLaunched();
        launched.forEach(launch -> pipeline.deliver(answered(launch, "hi", ALL_OF_IT)));
        pipeline.send("acme", request("late"));
        pipeline.commit();

        // Then
        assertThat(launched).hasSize(50);
        assertThat(pipeline.results()).hasSize(50);
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(codes(pipeline.deadLetters())).hasSize(951).containsOnly("budget.exceeded");
    }
}
