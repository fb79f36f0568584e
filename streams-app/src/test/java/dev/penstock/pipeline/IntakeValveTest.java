package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.work.IntakeGate.Place;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IntakeValveTest {

    private static final int PARTITION = 3;
    private static final TopicPartition OUTCOMES = new TopicPartition("outcomes", PARTITION);
    private static final TopicPartition TENANTS = new TopicPartition("tenants", PARTITION);

    private final IntakeValve valve = new IntakeValve(
            Set.of("outcomes", "tenants"),
            Set.of("requests"),
            PenstockConfig.of("dispatch.waiting.max_items=10", "dispatch.waiting.max_bytes=1MiB")
                    .dispatch());

    @Test
    void shouldKeepReadingPoliciesAndUsageWhereverTheyStand() {
        // Given
        Topics topics = new Topics("llm.");
        IntakeValve full = IntakeValve.of(PenstockConfig.of("budgets.enabled=true"), topics);

        // When
        List<String> paused = topics.specs(PenstockConfig.defaults().topics()).stream()
                .map(TopicSpec::name)
                .filter(name -> full.isGated(new TopicPartition(name, PARTITION)))
                .toList();
        List<String> readFirst = topics.specs(PenstockConfig.defaults().topics()).stream()
                .map(TopicSpec::name)
                .filter(name -> full.isReadFirst(new TopicPartition(name, PARTITION)))
                .toList();

        // Then
        assertThat(paused).containsExactlyInAnyOrder("llm.requests", "llm.rerouted");
        assertThat(readFirst)
                .containsExactlyInAnyOrder("llm.outcomes", "llm.tenants", "llm.usage", "llm.rerouted-control");
    }

    @Test
    void shouldBeClosedWithoutATask() {
        assertThat(valve.isOpen(PARTITION)).isFalse();
        assertThat(valve.awaitsEnds(PARTITION)).isFalse();
        assertThat(valve.caughtUp(PARTITION)).isFalse();
    }

    @Test
    void shouldStayClosedUntilTheEndsAreKnown() {
        // When
        valve.started(PARTITION);

        // Then
        assertThat(valve.awaitsEnds(PARTITION)).isTrue();
        assertThat(valve.isOpen(PARTITION)).isFalse();
        assertThat(valve.catchingUp()).containsExactly(PARTITION);
    }

    @Test
    void shouldCatchUpAgainToWhatWasWrittenMeanwhileWithoutClosing() {
        // Given
        valve.started(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 1L));
        catchUp(OUTCOMES).returned(0);
        catchUp(OUTCOMES).positionIs(1);
        valve.processed("outcomes", PARTITION, 0);
        assertThat(valve.caughtUp(PARTITION)).isTrue();

        // When: one record was returned and is not processed yet, and one is not even read
        catchUp(OUTCOMES).returned(1);
        valve.catchUpAgain(PARTITION);
        boolean asked = valve.awaitsEnds(PARTITION) && !valve.caughtUpAgain(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 3L));
        catchUp(OUTCOMES).positionIs(2);
        boolean unread = valve.caughtUpAgain(PARTITION);
        catchUp(OUTCOMES).returned(2);
        catchUp(OUTCOMES).positionIs(3);
        valve.processed("outcomes", PARTITION, 1);
        boolean unprocessed = valve.caughtUpAgain(PARTITION);
        valve.processed("outcomes", PARTITION, 2);

        // Then
        assertThat(asked).isTrue();
        assertThat(unread).isFalse();
        assertThat(unprocessed).isFalse();
        assertThat(valve.caughtUpAgain(PARTITION)).isTrue();
        assertThat(valve.caughtUp(PARTITION)).isTrue();
        assertThat(valve.isOpen(PARTITION)).isTrue();
    }

    @Test
    void shouldWaitForWhatWasReturnedBeforeItWasAskedToCatchUpAgain() {
        // Given
        valve.started(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 0L));
        catchUp(OUTCOMES).positionIs(0);
        catchUp(OUTCOMES).returned(0);

        // When
        valve.catchUpAgain(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 1L));
        catchUp(OUTCOMES).positionIs(1);
        boolean unprocessed = valve.caughtUpAgain(PARTITION);
        valve.processed("outcomes", PARTITION, 0);

        // Then
        assertThat(unprocessed).isFalse();
        assertThat(valve.caughtUpAgain(PARTITION)).isTrue();
    }

    @Test
    void shouldOpenOnceEveryTopicWasReadAndWhatWasReadWasProcessed() {
        // Given
        valve.started(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 5L, TENANTS, 0L));

        // When / Then
        catchUp(TENANTS).positionIs(0);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        catchUp(OUTCOMES).returned(3);
        catchUp(OUTCOMES).positionIs(5);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.processed("outcomes", PARTITION, 2);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.processed("outcomes", PARTITION, 3);
        assertThat(valve.isOpen(PARTITION)).isTrue();
        assertThat(valve.catchingUp()).isEmpty();
    }

    @Test
    void shouldNotCloseAgainForWhatIsWrittenAfterTheTaskStarted() {
        // Given
        caughtUp();

        // When
        catchUp(OUTCOMES).returned(99);

        // Then
        assertThat(valve.isOpen(PARTITION)).isTrue();
    }

    @Test
    void shouldCatchUpAnewWhenTheTaskIsRevived() {
        // Given
        caughtUp();

        // When
        valve.started(PARTITION);

        // Then
        assertThat(valve.isOpen(PARTITION)).isFalse();
        assertThat(catchUp(OUTCOMES).hasEnd()).isFalse();
    }

    @Test
    void shouldCloseWhenTheTaskLeaves() {
        // Given
        caughtUp();

        // When
        valve.ended(PARTITION);

        // Then
        assertThat(valve.isOpen(PARTITION)).isFalse();
        assertThat(valve.catchingUp()).isEmpty();
    }

    @Test
    void shouldCloseAboveTheLimitAndOpenOnlyWhenAFifthHasGone() {
        // Given
        caughtUp();

        // When / Then
        valve.waiting(PARTITION, Place.QUEUE, 10, 0);
        assertThat(valve.isOpen(PARTITION)).isTrue();
        valve.waiting(PARTITION, Place.QUEUE, 11, 0);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        assertThat(valve.full()).containsExactly(PARTITION);
        valve.waiting(PARTITION, Place.QUEUE, 9, 0);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.waiting(PARTITION, Place.QUEUE, 8, 0);
        assertThat(valve.isOpen(PARTITION)).isTrue();
        assertThat(valve.waiting(Place.QUEUE)).isEqualTo(8);
    }

    /** Told before the task is said to have started, as stages start in the order of the topology. */
    @Test
    void shouldCountWhoWaitsForTheCallsOfOthers() {
        // Given
        valve.waiting(PARTITION, Place.FOLLOWERS, 6, 0);
        caughtUp();

        // When / Then
        valve.waiting(PARTITION, Place.QUEUE, 5, 0);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.waiting(PARTITION, Place.FOLLOWERS, 3, 0);
        assertThat(valve.isOpen(PARTITION)).isTrue();
        valve.waiting(PARTITION, Place.FOLLOWERS, 3, (1 << 20) + 1);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.ended(PARTITION);
        caughtUp();
        assertThat(valve.isOpen(PARTITION)).isTrue();
    }

    @Test
    void shouldCloseByBytesToo() {
        // Given
        caughtUp();

        // When / Then
        valve.waiting(PARTITION, Place.QUEUE, 1, 1 << 20);
        assertThat(valve.isOpen(PARTITION)).isTrue();
        valve.waiting(PARTITION, Place.QUEUE, 1, (1 << 20) + 1);
        assertThat(valve.isOpen(PARTITION)).isFalse();
        valve.waiting(PARTITION, Place.QUEUE, 0, 0);
        assertThat(valve.isOpen(PARTITION)).isTrue();
    }

    @Test
    void shouldStayShutOnceDraining() {
        // Given
        caughtUp();

        // When
        valve.shut();
        valve.waiting(PARTITION, Place.QUEUE, 0, 0);

        // Then
        assertThat(valve.isOpen(PARTITION)).isFalse();
    }

    @Test
    void shouldPassOverTransactionMarkersAtTheEnd() {
        // Given
        CatchUp catchUp = new CatchUp(8);

        // When
        catchUp.returned(5);
        catchUp.processed(5);
        boolean before = catchUp.isDone();
        catchUp.positionIs(8);

        // Then
        assertThat(before).isFalse();
        assertThat(catchUp.isDone()).isTrue();
    }

    @Test
    void shouldBeDoneWithAnEmptyTopicOnceThePositionIsKnown() {
        // Given
        CatchUp catchUp = new CatchUp(0);

        // When
        boolean before = catchUp.isDone();
        catchUp.positionIs(0);

        // Then
        assertThat(before).isFalse();
        assertThat(catchUp.isDone()).isTrue();
    }

    private void caughtUp() {
        valve.started(PARTITION);
        valve.catchUpTo(Map.of(OUTCOMES, 0L));
        catchUp(OUTCOMES).positionIs(0);
        assertThat(valve.isOpen(PARTITION)).isTrue();
    }

    private CatchUp catchUp(TopicPartition source) {
        CatchUp catchUp = valve.catchUp(source);
        if (catchUp == null) {
            throw new AssertionError(source + " has no catch-up");
        }
        return catchUp;
    }
}
