package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.work.IntakeGate.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The valve in front of a consumer: when it asks for ends, what it pauses, and what becomes of a partition that comes back. */
class ValvedSourcesTest {

    private static final TopicPartition OUTCOMES = new TopicPartition("llm.outcomes", 0);
    private static final TopicPartition OTHER_OUTCOMES = new TopicPartition("llm.outcomes", 1);
    private static final TopicPartition OTHER_REQUESTS = new TopicPartition("llm.requests", 1);
    private static final TopicPartition REQUESTS = new TopicPartition("llm.requests", 0);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final IntakeValve valve = new IntakeValve(
            Set.of("llm.outcomes"),
            Set.of("llm.requests"),
            PenstockConfig.of("dispatch.waiting.max_items=1").dispatch());

    private long nanos;
    private final Broker consumer = new Broker();
    private final ValvedSources sources = new ValvedSources(
            valve,
            consumer,
            new ValvedSources.Flow() {

                @Override
                public void pause(Collection<TopicPartition> paused) {
                    consumer.pause(paused);
                }

                @Override
                public void resume(Collection<TopicPartition> resumed) {
                    consumer.resume(resumed);
                }
            },
            () -> nanos);

    /** One whose end offsets and positions may time out, all of a call where any does, after all the time of the call. */
    private final class Broker extends MockConsumer<byte[], byte[]> {
        private final Set<TopicPartition> assigned = new HashSet<>();
        private final Set<TopicPartition> silent = new HashSet<>();
        private int asked;
        private boolean answers = true;

        Broker() {
            super("earliest");
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            asked++;
            if (!answers || partitions.stream().anyMatch(silent::contains)) {
                nanos += timeout.toNanos();
                throw new TimeoutException("no answer");
            }
            return super.endOffsets(partitions, timeout);
        }

        @Override
        public synchronized long position(TopicPartition partition, Duration timeout) {
            if (silent.contains(partition)) {
                nanos += timeout.toNanos();
                throw new TimeoutException("no answer");
            }
            return super.position(partition, timeout);
        }

        void hasNoLeader(TopicPartition partition) {
            updatePartitions(
                    partition.topic(),
                    List.of(new PartitionInfo(partition.topic(), partition.partition(), null, null, null)));
        }

        void takes(TopicPartition... partitions) {
            assigned.addAll(List.of(partitions));
            assign(assigned);
            assigned.forEach(partition -> updateBeginningOffsets(Map.of(partition, 0L)));
        }

        void loses(TopicPartition... partitions) {
            assigned.removeAll(Set.of(partitions));
            assign(assigned);
        }
    }

    @BeforeEach
    void start() {
        consumer.takes(OUTCOMES, REQUESTS);
        consumer.updateEndOffsets(Map.of(OUTCOMES, 1L));
        valve.started(0);
    }

    @Test
    void shouldStopRequestsUntilWhatStoodOnTheTopicsIsProcessed() {
        // Given
        poll();
        boolean atFirst = flows(REQUESTS);
        consumer.addRecord(outcome(0));
        poll();
        boolean returned = flows(REQUESTS);

        // When
        valve.processed("llm.outcomes", 0, 0);
        poll();

        // Then
        assertThat(atFirst).isFalse();
        assertThat(returned).isFalse();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldStayShutWhileTheBrokerDoesNotTellTheEnds() {
        // Given
        consumer.answers = false;

        // When
        poll();
        poll();

        // Then: asked once, and left alone for a while
        assertThat(flows(REQUESTS)).isFalse();
        assertThat(valve.awaitsEnds(0)).isTrue();
        assertThat(consumer.asked).isEqualTo(1);
    }

    @Test
    void shouldAskForTheEndsAgainAfterARest() {
        // Given
        consumer.answers = false;
        poll();
        consumer.answers = true;

        // When
        nanos += REST.toNanos() - 1;
        poll();
        boolean early = valve.awaitsEnds(0);
        nanos++;
        poll();

        // Then
        assertThat(early).isTrue();
        assertThat(valve.awaitsEnds(0)).isFalse();
        assertThat(consumer.asked).isEqualTo(2);
    }

    /** The ends are known only after records were returned that are not processed yet. */
    @Test
    void shouldWaitForRecordsThatWereReturnedBeforeTheEndsWereKnown() {
        // Given
        consumer.answers = false;
        consumer.addRecord(outcome(0));
        poll();
        consumer.answers = true;
        nanos += REST.toNanos();

        // When
        poll();
        poll();
        boolean unprocessed = flows(REQUESTS);
        valve.processed("llm.outcomes", 0, 0);
        poll();

        // Then
        assertThat(unprocessed).isFalse();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldNotWaitForRecordsThatWereProcessedBeforeTheEndsWereKnown() {
        // Given
        consumer.answers = false;
        consumer.addRecord(outcome(0));
        poll();
        valve.processed("llm.outcomes", 0, 0);
        consumer.answers = true;
        nanos += REST.toNanos();

        // When
        poll();
        poll();

        // Then
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldLeavePausedWhatStreamsPaused() {
        // Given
        catchUp();
        sources.paused(List.of(REQUESTS));

        // When
        poll();
        boolean paused = !flows(REQUESTS);
        sources.resumed(List.of(REQUESTS));

        // Then
        assertThat(paused).isTrue();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldKeepShutWhatStreamsResumesWhileTheValveIsClosed() {
        // Given
        catchUp();
        sources.paused(List.of(REQUESTS, OUTCOMES));
        valve.waiting(0, Place.QUEUE, 2, 10);

        // When
        sources.resumed(List.of(REQUESTS, OUTCOMES));
        boolean full = flows(REQUESTS);
        valve.waiting(0, Place.QUEUE, 0, 0);
        poll();

        // Then
        assertThat(full).isFalse();
        assertThat(flows(OUTCOMES)).isTrue();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldOpenAgainWhatItClosedAndStreamsDidNotPause() {
        // Given
        catchUp();

        // When
        valve.waiting(0, Place.QUEUE, 2, 10);
        poll();
        boolean full = flows(REQUESTS);
        valve.waiting(0, Place.QUEUE, 0, 0);
        poll();

        // Then
        assertThat(full).isFalse();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldCatchUpAnewWhenAPartitionComesBack() {
        // Given
        catchUp();
        sources.paused(List.of(REQUESTS));
        valve.ended(0);
        consumer.loses(OUTCOMES, REQUESTS);
        poll();

        // When: what Streams paused before the partition left does not count any more
        consumer.takes(OUTCOMES, REQUESTS);
        consumer.updateEndOffsets(Map.of(OUTCOMES, 2L));
        valve.started(0);
        poll();
        boolean atFirst = flows(REQUESTS);
        consumer.addRecord(outcome(0));
        consumer.addRecord(outcome(1));
        poll();
        valve.processed("llm.outcomes", 0, 1);
        poll();

        // Then
        assertThat(atFirst).isFalse();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldForgetACatchUpWhosePartitionLeft() {
        // Given
        poll();
        valve.ended(0);
        consumer.loses(OUTCOMES, REQUESTS);

        // When
        poll();

        // Then
        assertThat(valve.catchUp(OUTCOMES)).isNull();
        assertThat(consumer.asked).isEqualTo(1);
    }

    @Test
    void shouldNoteTheEndsOnceMoreWhenATaskAsksToCatchUpAgain() {
        // Given
        catchUp();
        consumer.updateEndOffsets(Map.of(OUTCOMES, 2L));
        valve.catchUpAgain(0);

        // When
        poll();
        boolean unread = valve.caughtUpAgain(0);
        consumer.addRecord(outcome(1));
        poll();
        valve.processed("llm.outcomes", 0, 1);

        // Then: requests flow all the while
        assertThat(unread).isFalse();
        assertThat(valve.caughtUpAgain(0)).isTrue();
        assertThat(flows(REQUESTS)).isTrue();
    }

    @Test
    void shouldOpenAPartitionWhileTheLeaderOfAnotherIsAway() {
        // Given: the one that does not answer may be asked first
        takesOther();
        consumer.silent.add(OUTCOMES);

        // When
        poll();
        consumer.addRecord(record(OTHER_OUTCOMES, 0));
        poll();
        valve.processed("llm.outcomes", 1, 0);
        poll();

        // Then
        assertThat(flows(OTHER_REQUESTS)).isTrue();
        assertThat(flows(REQUESTS)).isFalse();
        assertThat(valve.awaitsEnds(0)).isTrue();
    }

    @Test
    void shouldCatchAPartitionUpAgainWhileTheLeaderOfAnotherIsAway() {
        // Given
        takesOther();
        consumer.silent.add(OUTCOMES);
        poll();
        consumer.addRecord(record(OTHER_OUTCOMES, 0));
        poll();
        valve.processed("llm.outcomes", 1, 0);
        poll();

        // When: while the silent one rests, and when its rest is over
        for (int turn = 0; turn < 4; turn++) {
            valve.catchUpAgain(1);
            poll();
            poll();

            // Then
            assertThat(valve.caughtUpAgain(1)).isTrue();
            nanos += REST.toNanos() / 2;
        }
        assertThat(valve.awaitsEnds(0)).isTrue();
    }

    @Test
    void shouldAskFirstForThoseThatHaveALeader() {
        // Given
        takesOther();
        consumer.silent.add(OUTCOMES);
        consumer.hasNoLeader(OUTCOMES);

        // When
        poll();

        // Then
        assertThat(valve.awaitsEnds(1)).isFalse();
        assertThat(valve.awaitsEnds(0)).isTrue();
    }

    @Test
    void shouldWaitForTheBrokerNoLongerAtAPollHoweverManyAreSilent() {
        // Given: each has a rest behind it, and is asked in turn
        List<TopicPartition> silent = new ArrayList<>();
        for (int partition = 0; partition < 8; partition++) {
            silent.add(new TopicPartition("llm.outcomes", partition));
            valve.started(partition);
        }
        consumer.takes(silent.toArray(TopicPartition[]::new));
        consumer.silent.addAll(silent);
        silent.forEach(source -> consumer.updateEndOffsets(Map.of(source, 0L)));
        for (int turn = 0; turn < 8; turn++) {
            assertThat(waitedInAPoll()).isEqualTo(PATIENCE);
        }

        // When
        Duration resting = waitedInAPoll();
        nanos += REST.toNanos();
        Duration after = waitedInAPoll();
        consumer.silent.remove(new TopicPartition("llm.outcomes", 3));
        consumer.silent.remove(new TopicPartition("llm.outcomes", 7));
        nanos += REST.toNanos() * 8;
        for (int turn = 0; turn < 8; turn++) {
            poll();
            nanos += REST.toNanos();
        }

        // Then
        assertThat(resting).isZero();
        assertThat(after).isEqualTo(PATIENCE);
        assertThat(valve.awaitsEnds(3)).isFalse();
        assertThat(valve.awaitsEnds(7)).isFalse();
        assertThat(valve.awaitsEnds(4)).isTrue();
    }

    /** Its leader went away after it had told the end. */
    @Test
    void shouldNotWaitForAPositionThatIsNotKnown() {
        // Given
        takesOther();
        poll();
        consumer.silent.add(OUTCOMES);

        // When
        Duration waited = waitedInAPoll();
        consumer.silent.clear();
        consumer.addRecord(outcome(0));
        poll();
        valve.processed("llm.outcomes", 0, 0);
        poll();

        // Then
        assertThat(waited).isZero();
        assertThat(flows(REQUESTS)).isTrue();
    }

    private void takesOther() {
        consumer.takes(OUTCOMES, REQUESTS, OTHER_OUTCOMES, OTHER_REQUESTS);
        consumer.updateEndOffsets(Map.of(OUTCOMES, 1L, OTHER_OUTCOMES, 1L));
        valve.started(1);
    }

    private Duration waitedInAPoll() {
        long before = nanos;
        poll();
        return Duration.ofNanos(nanos - before);
    }

    private void catchUp() {
        consumer.addRecord(outcome(0));
        poll();
        valve.processed("llm.outcomes", 0, 0);
        poll();
        assertThat(flows(REQUESTS)).isTrue();
    }

    private boolean flows(TopicPartition source) {
        return !consumer.paused().contains(source);
    }

    private static ConsumerRecord<byte[], byte[]> outcome(long offset) {
        return record(OUTCOMES, offset);
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition source, long offset) {
        return new ConsumerRecord<>(source.topic(), source.partition(), offset, new byte[0], new byte[0]);
    }

    private void poll() {
        sources.beforePoll();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ZERO);
        sources.afterPoll(records);
    }
}
