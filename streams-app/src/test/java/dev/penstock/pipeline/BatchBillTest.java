package dev.penstock.pipeline;

import static dev.penstock.pipeline.BatchRig.ON;
import static dev.penstock.pipeline.OutcomeFixtures.USAGE;
import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.UsageEvent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who pays for a shared call that has no answer, or none yet: each event is a request's own, and they add up to the whole. */
class BatchBillTest {

    private static final String[] MEMBERS = {"llm.requests-0-0", "llm.requests-0-1", "llm.requests-0-2"};

    private TestPipeline pipeline = new TestPipeline(ON);
    private BatchRig rig = new BatchRig(pipeline);
    private int run = 3;

    @AfterEach
    void close() {
        pipeline.close();
    }

    /** Three may answer with 100 tokens of a tenth of a cent each, and 40 more for its place in the answer: 42 cents. */
    @Test
    void shouldShareWhatATimeoutMayHaveCost(@TempDir Path dir) throws Exception {
        // Given
        Path prices = Files.writeString(
                dir.resolve("prices.yaml"), "version: v-1\nmodels:\n  m-1: {input: 0, output: 0.001}\n");
        pipeline.close();
        pipeline = new TestPipeline(ON, "budgets.enabled=true", "budgets.prices=" + prices, "budgets.max_budget=1.00");
        rig = new BatchRig(pipeline);
        for (int i = 0; i < 3; i++) {
            pipeline.send(
                    "acme", BatchRig.request("a-" + i, "").replace("\"model\":", "\"max_tokens\":100,\"model\":"));
        }
        rig.closeWindows();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.endCall(launch);
        pipeline.deliver(failed(launch, DeadLetterCode.PROVIDER_TIMEOUT, true));

        // Then
        List<UsageEvent> events = rig.usage();
        assertThat(events).extracting(UsageEvent::requestId).containsExactly(MEMBERS);
        assertThat(events).extracting(UsageEvent::eventId).doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> {
            assertThat(event.status()).isEqualTo(UsageEvent.Status.UNKNOWN);
            assertThat(event.batchSize()).isEqualTo(3);
        });
        assertThat(events.stream()
                        .map(event -> Objects.requireNonNull(event.costUsd()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("0.42");
        assertThat(SharedAnswers.sum(events.stream()
                                .map(event -> Objects.requireNonNull(event.usage()))
                                .toList())
                        .completionTokens())
                .isEqualTo(420);
    }

    @Test
    void shouldShareWhatALostCallMayHaveCostAndCorrectEachShare() throws Exception {
        // Given
        Launch lost = rig.askedTogether(3);
        Map<String, UsageEvent> told = new LinkedHashMap<>();
        restartWithDoubt();
        keep(told);
        List<String> charged = List.copyOf(told.keySet());

        // When
        pipeline.deliver(completed(lost, new SharedAnswers(lost).json()));
        keep(told);

        // Then
        assertThat(charged).hasSize(3);
        assertThat(told.keySet()).containsExactlyElementsOf(charged);
        assertThat(told.values()).extracting(UsageEvent::requestId).containsExactly(MEMBERS);
        assertThat(told.values()).extracting(UsageEvent::status).containsOnly(UsageEvent.Status.CORRECTED);
        assertBilled(told);
    }

    /** The lost call was made again and is over; only then does its first answer come. */
    @Test
    void shouldCorrectEachShareOfALostCallWhenItsRequestsHaveEnded() throws Exception {
        // Given
        Launch lost = rig.askedTogether(3);
        Map<String, UsageEvent> told = new LinkedHashMap<>();
        restartWithDoubt();
        Launch again = pipeline.takeOneLaunched();
        keep(told);
        List<String> charged = List.copyOf(told.keySet());
        pipeline.deliver(completed(again, new SharedAnswers(again).json()));
        pipeline.usage();

        // When
        pipeline.deliver(completed(lost, new SharedAnswers(lost).json()));
        keep(told);

        // Then
        assertThat(told.keySet()).containsExactlyElementsOf(charged);
        assertThat(told.values()).extracting(UsageEvent::requestId).containsExactly(MEMBERS);
        assertBilled(told);
        assertThat(rig.results()).hasSize(3);
    }

    /** Its first answer stood on the topic all the time, while no instance ran. */
    @Test
    void shouldCorrectEachShareOfALostCallAfterAStopThatWasLongerThanTheRetention() throws Exception {
        // Given
        Launch lost = rig.askedTogether(3);
        restartWithDoubt();
        Launch again = pipeline.takeOneLaunched();
        pipeline.deliver(completed(again, new SharedAnswers(again).json()));
        pipeline.usage();
        Map<String, UsageEvent> told = new LinkedHashMap<>();

        // When
        pipeline.restartAfter(Duration.ofHours(30), new Owner("node-1", "run-" + run++), ON);
        pipeline.advance(Duration.ofMinutes(2));
        pipeline.commit();
        pipeline.deliver(completed(lost, new SharedAnswers(lost).json()));
        keep(told);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofHours(25));
        pipeline.commit();

        // Then
        assertThat(told.values()).extracting(UsageEvent::requestId).containsExactly(MEMBERS);
        assertBilled(told);
        assertThat(pipeline.stores().size("batching")).isZero();
    }

    @Test
    void shouldForgetWhoSharedALostCallWhenNothingIsCorrectedAnyMore() throws Exception {
        // Given
        pipeline.send("acme", BatchRig.request("a-0", ",\"in_doubt\":\"fail\""));
        pipeline.send("acme", BatchRig.request("a-1", ",\"in_doubt\":\"fail\""));
        rig.closeWindows();
        Launch lost = pipeline.takeOneLaunched();
        restartWithDoubt();
        int kept = pipeline.stores().size("batching");
        pipeline.usage();

        // When
        pipeline.advance(Duration.ofHours(25));
        pipeline.send("acme", "takes the offset that the first request had");
        pipeline.send("acme", BatchRig.request("b-0", ",\"in_doubt\":\"fail\""));
        pipeline.send("acme", BatchRig.request("b-1", ",\"in_doubt\":\"fail\""));
        rig.closeWindows();
        pipeline.takeOneLaunched();
        restartWithDoubt();
        pipeline.usage();
        pipeline.deliver(completed(lost, new SharedAnswers(lost).json()));

        // Then
        assertThat(pipeline.stores().size("batching")).isEqualTo(kept).isPositive();
        assertThat(rig.usage()).singleElement().satisfies(event -> {
            assertThat(event.requestId()).isEqualTo("batch:llm.requests-0-0");
            assertThat(event.usage()).isEqualTo(USAGE);
        });
    }

    /** Only calls of an earlier run are in doubt, so each start is a run of its own. */
    private void restartWithDoubt() {
        pipeline.restart(new Owner("node-1", "run-" + run++), ON);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
    }

    /** As a reader of the topic does: the later event of an id is in the place of the earlier. */
    private void keep(Map<String, UsageEvent> told) throws Exception {
        rig.usage().forEach(event -> told.put(event.eventId(), event));
    }

    private static void assertBilled(Map<String, UsageEvent> told) {
        assertThat(SharedAnswers.sum(told.values().stream()
                        .map(event -> Objects.requireNonNull(event.usage()))
                        .toList()))
                .isEqualTo(USAGE);
    }
}
