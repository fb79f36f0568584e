package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Calls that wait for their budget. */
class HeldForBudgetTest extends TenCentFlow {

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
        assertThat(pipeline.wakeUps(Nodes.DISPATCH))
                .as("the tenant asks again")
                .contains(pipeline.now().plusSeconds(30));
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
    void shouldNotHoldWhatNoPeriodCanPay() {
        // Given
        TestPipeline pipeline = pipeline("budgets.max_budget=0.05", "budgets.on_spent=hold");

        // When
        pipeline.send("acme", request("a-1"));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
    }

    @Test
    void shouldEndAHeldCallAtItsDeadlineThoughNothingWasReadOrWrittenSinceTheStart() {
        // Given
        String[] sets = {"budgets.max_budget=0.10", "budgets.budget_duration=1h", "budgets.on_spent=hold"};
        TestPipeline pipeline = pipeline(sets);
        pipeline.send("acme", request("a-1"));
        pipeline.commit();
        Launch spends = pipeline.takeOneLaunched();
        pipeline.endCall(spends);
        pipeline.deliver(OutcomeFixtures.answered(spends, "hi"));
        pipeline.send("acme", request("a-2", "m-1", ",\"timeout_ms\":120000"));
        pipeline.commit();
        pipeline.advance(Duration.ofSeconds(5));
        pipeline.commit();
        pipeline.restart(new Owner("node-1", "run-3"), priced(sets));
        pipeline.eachShareTakes(StepBudget.USUAL.time());
        pipeline.caughtUp();

        // When
        for (int second = 0; second < 125; second++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
    }

    @Test
    void shouldLetAllHeldCallsGoWhenTheirPolicyIsDeleted() {
        // Given
        TestPipeline pipeline = pipeline("budgets.on_spent=hold");
        pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"month\",\"max_tokens\":250}]}");
        sendSix(pipeline, "m-1");

        // When
        pipeline.govern("acme", null);
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(5);
    }

    @Test
    void shouldLetAllHeldCallsGoToACheaperTierWhenThePolicySaysSo() {
        // Given
        TestPipeline pipeline = pipeline(
                "budgets.on_spent=hold",
                "targets.dear.model=dear",
                "targets.cheap.model=cheap",
                "tiers.simple.chain=cheap",
                "tiers.medium.chain=cheap,dear",
                "tiers.complex.chain=dear");
        String budgets = "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":0.19}]";
        pipeline.govern("acme", budgets + "}");
        sendSix(pipeline, "tier:complex");

        // When
        pipeline.govern("acme", budgets + ",\"on_budget_spent\":\"downgrade\"}");
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(5);
    }

    @Test
    void shouldDenyHeldCallsOfATenantWhoseOnlyPolicyCannotBeRead() {
        // Given
        TestPipeline pipeline =
                pipeline("budgets.max_budget=0.10", "budgets.budget_duration=1h", "budgets.on_spent=hold");
        sendSix(pipeline, "m-1");

        // When
        pipeline.govern("acme", "{");
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).hasSize(5).containsOnly("budget.policy_invalid");
    }

    @Test
    void shouldKeepThePlaceOfAHeldCallThatRestsBecauseItsAttemptsAreUsedUp() {
        // Given
        String[] sets = {
            "budgets.max_budget=0.30",
            "budgets.budget_duration=month",
            "budgets.on_spent=hold",
            "budgets.max_held=1",
            "targets.one.model=m-1",
            "targets.two.model=m-1",
            "targets.two.max_concurrency=1",
            "tiers.simple.chain=one",
            "tiers.medium.chain=one,two",
            "tiers.complex.chain=two"
        };
        TestPipeline pipeline = pipeline(sets);
        List<Launch> launched = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            launched.addAll(sendLong(pipeline, "acme", "a-" + i, "tier:medium"));
        }
        Launch first = launched.getFirst();
        ends(pipeline, first, usedUp(first, pipeline.now().plusSeconds(1)));
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-4");
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        assertThat(sendLong(pipeline, "beta", "b-1", "tier:complex")).hasSize(1);

        // When
        fails(pipeline, launched.get(1));
        List<Launch> next = sendLong(pipeline, "acme", "a-5", "tier:medium");
        int held = pipeline.waiting().held();
        sendLong(pipeline, "acme", "a-6", "tier:medium");
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        pipeline.restart(new Owner("node-2", "run-1"), priced(sets));
        pipeline.caughtUp();
        int found = pipeline.waiting().held();
        for (int second = 0; second < 20; second++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }
        List<TestRecord<byte[], byte[]>> after = pipeline.deadLetters();
        pipeline.deliver(OutcomeFixtures.failed(launched.get(2), DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        pipeline.commit();
        Launch again = pipeline.takeOneLaunched();

        // Then
        assertThat(next).extracting(launch -> launch.ticket().customId()).containsExactly("a-5");
        assertThat(held).isEqualTo(1);
        assertThat(found).as("after a restart").isEqualTo(1);
        assertThat(codes(letters))
                .as("a-2, and a-6 for which there is no place")
                .contains("budget.exceeded");
        assertThat(after).isEmpty();
        assertThat(again.ticket().customId()).isEqualTo("a-1");
    }

    private static List<Launch> sendLong(TestPipeline pipeline, String tenant, String id, String model) {
        pipeline.send(tenant, request(id, model, ",\"timeout_ms\":7200000"));
        pipeline.commit();
        return pipeline.takeLaunched();
    }

    private static void fails(TestPipeline pipeline, Launch launch) {
        ends(pipeline, launch, OutcomeFixtures.failed(launch, DeadLetterCode.PROVIDER_UNAVAILABLE, false));
    }

    private static void ends(TestPipeline pipeline, Launch launch, Outcome outcome) {
        pipeline.endCall(launch);
        pipeline.deliver(outcome);
        pipeline.commit();
    }

    private static Outcome usedUp(Launch launch, Instant notBefore) {
        AttemptReport down = new AttemptReport("one", DeadLetterCode.PROVIDER_UNAVAILABLE.reason(), 3);
        return new Outcome(
                launch.ticket().id().toString(),
                launch.number(),
                launch.ticket().tenant(),
                launch.owner().toString(),
                Outcome.Kind.PARKED,
                null,
                new Outcome.Failure(
                        FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_UNAVAILABLE, null, false, null, "x"),
                notBefore,
                "one",
                "m-1",
                launch.route().tier(),
                null,
                List.of(down, down, down),
                notBefore.minusSeconds(1),
                notBefore.minusSeconds(1),
                null,
                0);
    }

    /** Of which one goes and five are held. */
    private static void sendSix(TestPipeline pipeline, String model) {
        for (int i = 0; i < 6; i++) {
            pipeline.send("acme", request("a-" + i, model, ",\"timeout_ms\":7200000"));
        }
        pipeline.commit();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }
}
