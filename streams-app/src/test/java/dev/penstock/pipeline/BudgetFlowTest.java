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
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What is reserved, refused and charged. */
class BudgetFlowTest extends TenCentFlow {

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
