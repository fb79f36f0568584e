package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What a policy changes, from when on, and what becomes of one that cannot be read. */
class BudgetPolicyFlowTest extends TenCentFlow {

    private static TestRecord<byte[], byte[]> copy(String policy, Instant at) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("penstock.origin.topic", "llm.tenants".getBytes(StandardCharsets.UTF_8));
        headers.add(
                "penstock.origin.timestamp", Long.toString(at.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        return new TestRecord<>(
                "acme".getBytes(StandardCharsets.UTF_8), policy.getBytes(StandardCharsets.UTF_8), headers);
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
}
