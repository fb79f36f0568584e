package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A call is two rows of its store: never one without the other, and nothing read of its body before its turn comes. */
class CallRowsTest {

    private static final String CALLS = "calls";
    private static final int STEPS = 600;
    private static final String[] HOLDING = {
        "budgets.enabled=true", "budgets.on_spent=hold", "provider.max_output_tokens=1000"
    };

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33, 34})
    void shouldNeverHaveOneRowWithoutTheOtherThroughRollbacksAndKills(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, true)) {
            int most = 0;
            for (int step = 0; step < STEPS; step++) {
                // When
                simulation.step();

                // Then
                Set<String> entries = keys(simulation.pipeline(), "E");
                assertThat(keys(simulation.pipeline(), "B")).as("step %d", step).isEqualTo(entries);
                most = Math.max(most, entries.size());
            }
            assertThat(most).as("calls at once").isGreaterThan(3);
        }
    }

    @Test
    void shouldWriteACallThatLeavesAtOnceOnceAndReadItOnce() {
        try (TestPipeline pipeline = new TestPipeline()) {
            // Given
            pipeline.stores().takeAccesses(CALLS);

            // When
            pipeline.send("acme", Requests.request("a-1", ""));
            pipeline.commit();

            // Then
            assertThat(pipeline.stores().takeAccesses(CALLS)).as("its two rows").isEqualTo(2);
            pipeline.deliver(OutcomeFixtures.answered(pipeline.takeOneLaunched(), "hi"));
            assertThat(pipeline.stores().takeAccesses(CALLS))
                    .as("read and deleted")
                    .isEqualTo(4);
        }
    }

    @Test
    void shouldNotTouchTheStoreForACallThatIsDenied() {
        try (TestPipeline pipeline = new TestPipeline("budgets.enabled=true", "budgets.max_tokens=1")) {
            // Given
            pipeline.stores().takeAccesses(CALLS);

            // When
            pipeline.send("acme", Requests.request("a-1", ""));
            pipeline.commit();

            // Then
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
            assertThat(pipeline.stores().takeAccesses(CALLS)).isZero();
        }
    }

    @Test
    void shouldReadNoBodyOfACallThatRestsOrIsInDoubt() {
        try (TestPipeline pipeline = new TestPipeline("dispatch.tenant_max_in_flight=1")) {
            // Given
            pipeline.send("acme", Requests.request("a-1", ""));
            pipeline.send("acme", Requests.request("a-2", ""));
            pipeline.commit();
            Launch first = pipeline.takeOneLaunched();
            pipeline.stores().takeAccesses(CALLS);

            // When
            pipeline.deliver(OutcomeFixtures.parked(
                    first, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(60)));
            int parked = pipeline.stores().takeAccesses(CALLS);
            pipeline.commit();
            Launch second = pipeline.takeOneLaunched();
            pipeline.deliver(OutcomeFixtures.ended(second, Outcome.Kind.LOST));
            int lost = pipeline.stores().takeAccesses(CALLS);

            // Then: the entry is read and written; whoever leaves next has both rows read, and one written
            assertThat(parked).isEqualTo(2 + 3);
            assertThat(lost).isEqualTo(2 + 3);
        }
    }

    @Test
    void shouldReadNothingOfAHeldCallThatAsksInVain() {
        try (TestPipeline pipeline = new TestPipeline(HOLDING)) {
            // Given
            pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"day\",\"max_tokens\":1500}]}");
            pipeline.send("acme", Requests.request("a-1", ",\"timeout_ms\":3600000"));
            pipeline.commit();
            Launch first = pipeline.takeOneLaunched();
            pipeline.send("acme", Requests.request("a-2", ",\"timeout_ms\":3600000"));
            pipeline.commit();
            pipeline.stores().takeAccesses(CALLS);

            // When
            for (int ask = 0; ask < 10; ask++) {
                pipeline.advance(Duration.ofSeconds(31));
                pipeline.commit();
            }

            // Then
            assertThat(pipeline.stores().takeAccesses(CALLS)).isZero();
            assertThat(pipeline.takeLaunched()).isEmpty();
            pipeline.deliver(OutcomeFixtures.answered(first, "hi"));
            pipeline.commit();
            assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-2");
        }
    }

    @Test
    void shouldAskInFullForAHeldCallWhenThePolicyHasChanged() {
        try (TestPipeline pipeline = new TestPipeline(HOLDING)) {
            // Given
            pipeline.govern("acme", "{\"budgets\":[{\"budget_duration\":\"day\",\"max_tokens\":1500}]}");
            pipeline.send("acme", Requests.request("a-1", ",\"timeout_ms\":3600000"));
            pipeline.send("acme", Requests.request("a-2", ",\"timeout_ms\":3600000"));
            pipeline.commit();
            assertThat(pipeline.takeLaunched()).hasSize(1);

            // When
            pipeline.govern(
                    "acme",
                    "{\"budgets\":[{\"budget_duration\":\"day\",\"max_tokens\":1500}],\"on_budget_spent\":\"reject\"}");
            pipeline.advance(Duration.ofSeconds(31));
            pipeline.commit();

            // Then
            assertThat(Requests.codes(pipeline.deadLetters())).containsExactly("budget.exceeded");
        }
    }

    private static Set<String> keys(TestPipeline pipeline, String kind) {
        Map<Bytes, byte[]> rows = pipeline.stores().entries(CALLS);
        return rows.keySet().stream()
                .filter(key -> StoredTypes.kindOf(key).equals(kind))
                .map(key -> key.toString().substring(kind.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
