package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stood on the topics when a task started is read before anything of its store leaves or ends. */
class CatchUpFlowTest {

    private static final Duration TICK = Duration.ofMillis(200);

    private static final String[] SETS = {"dispatch.permits=1", "budgets.enabled=true"};

    private final TestPipeline pipeline = new TestPipeline(SETS);

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldLetNothingOutBeforeWhatStoodOnTheTopicsIsRead() {
        // Given
        send("a-1", "");
        pipeline.takeOneLaunched();
        send("a-2", "");
        restart("node-1", "run-3");

        // When
        tick();
        int early = pipeline.takeLaunched().size();
        pipeline.caughtUp();
        tick();

        // Then
        assertThat(early).isZero();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldAdmitNothingUnderAPolicyThatWasReplacedWhileItWasDown() {
        // Given
        pipeline.govern("acme", tokens(1_000_000));
        send("a-1", "");
        pipeline.takeOneLaunched();
        send("a-2", "");
        restart("node-1", "run-3");

        // When
        tick();
        int early = pipeline.takeLaunched().size();
        pipeline.govern("acme", tokens(1));
        pipeline.caughtUp();
        tick();

        // Then
        assertThat(early).isZero();
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(Requests.codes(pipeline.deadLetters())).containsOnly("budget.exceeded");
    }

    @Test
    void shouldAdmitNothingUnderAPolicyThatWasForwardedWhileItWasDown() {
        // Given
        pipeline.govern("acme", tokens(1_000_000));
        send("a-1", "");
        pipeline.takeOneLaunched();
        send("a-2", "");
        restart("node-1", "run-3");
        TopicPartition control = new TopicPartition("llm.rerouted-control", 0);
        pipeline.valve().catchUpTo(Map.of(control, 1L));

        // When
        pipeline.caughtUp();
        tick();
        int early = pipeline.takeLaunched().size();
        pipeline.sendReroutedControl(forwarded(tokens(1)));
        Objects.requireNonNull(pipeline.valve().catchUp(control)).positionIs(1);
        tick();

        // Then
        assertThat(early).isZero();
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(Requests.codes(pipeline.deadLetters())).containsOnly("budget.exceeded");
    }

    private TestRecord<byte[], byte[]> forwarded(String policy) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(HeaderNames.ORIGIN_TOPIC, "llm.tenants".getBytes(StandardCharsets.UTF_8));
        headers.add(
                HeaderNames.ORIGIN_TIMESTAMP,
                Long.toString(pipeline.now().toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        return new TestRecord<>(
                "acme".getBytes(StandardCharsets.UTF_8), policy.getBytes(StandardCharsets.UTF_8), headers);
    }

    @Test
    void shouldNotRepeatACallWhoseOutcomeStandsOnTheTopic() {
        // Given
        send("a-1", "");
        Launch first = pipeline.takeOneLaunched();
        send("a-2", ",\"timeout_ms\":86400000");
        restart("node-2", "run-1");
        pipeline.caughtUp();
        tick();
        assertThat(pipeline.takeLaunched()).hasSize(1);
        pipeline.advance(Duration.ofMinutes(2));
        pipeline.commit();

        // When
        restart("node-3", "run-1");
        tick();
        int early = pipeline.takeLaunched().size();
        pipeline.deliver(answered(first, "hi"));
        pipeline.commit();

        // Then
        assertThat(early).isZero();
        assertThat(pipeline.results()).hasSize(1);
    }

    @Test
    void shouldNotRepeatACallWhoseOutcomeIsWrittenWhileTheTopicsAreReadAgain() {
        // Given
        send("a-1", "");
        Launch launch = pipeline.takeOneLaunched();
        pipeline.readsAsTold();
        pipeline.advance(Duration.ofMinutes(3));
        pipeline.commit();
        pipeline.noteEnds(0);
        pipeline.hasRead(0);

        // When
        pipeline.instance().runner().ended(launch);
        tick();
        int again = pipeline.takeLaunched().size();
        pipeline.deliver(answered(launch, "hi"));
        pipeline.commit();

        // Then
        assertThat(again).isZero();
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.usage()).hasSize(1);
    }

    @Test
    void shouldShowACallInDoubtUntilItIsMadeAgain() {
        // Given
        send("a-1", "");
        pipeline.takeOneLaunched();
        restart("node-1", "run-3");

        // When
        pipeline.advance(Duration.ofSeconds(30));
        int inDoubt = pipeline.waiting().inDoubt();
        double seconds = pipeline.waiting().oldestInDoubtSeconds(pipeline.now());
        pipeline.caughtUp();
        tick();

        // Then
        assertThat(inDoubt).isEqualTo(1);
        assertThat(seconds).isEqualTo(30);
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.waiting().inDoubt()).isZero();
        assertThat(pipeline.waiting().oldestInDoubtSeconds(pipeline.now())).isZero();
    }

    @Test
    void shouldEndNothingAsOverdueWhoseOutcomeStandsOnTheTopic() {
        // Given
        send("a-1", ",\"timeout_ms\":60000");
        Launch first = pipeline.takeOneLaunched();
        restart("node-2", "run-1");
        pipeline.caughtUp();
        pipeline.deliver(OutcomeFixtures.parked(
                first, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(30)));
        pipeline.commit();
        restart("node-3", "run-1");

        // When
        pipeline.advance(Duration.ofMinutes(2));
        pipeline.commit();
        int early = pipeline.deadLetters().size();
        pipeline.deliver(answered(first, "hi"));
        pipeline.caughtUp();
        tick();

        // Then
        assertThat(early).isZero();
        assertThat(pipeline.results()).hasSize(1);
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    private void send(String name, String more) {
        pipeline.send("acme", Requests.request(name, more));
        pipeline.commit();
    }

    private void restart(String instance, String run) {
        pipeline.restart(new Owner(instance, run), SETS);
    }

    private void tick() {
        pipeline.advance(TICK);
        pipeline.commit();
    }

    private static String tokens(long most) {
        return "{\"budgets\":[{\"budget_duration\":\"month\",\"max_tokens\":" + most + "}]}";
    }
}
