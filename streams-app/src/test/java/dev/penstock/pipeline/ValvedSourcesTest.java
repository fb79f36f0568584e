package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.work.IntakeGate.Place;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The valve in front of a consumer: when it asks for ends, what it pauses, and what becomes of a partition that comes back. */
class ValvedSourcesTest {

    private static final TopicPartition OUTCOMES = new TopicPartition("llm.outcomes", 0);
    private static final TopicPartition REQUESTS = new TopicPartition("llm.requests", 0);
    private static final Duration REST = Duration.ofSeconds(5);

    private final IntakeValve valve = new IntakeValve(
            Set.of("llm.outcomes"),
            Set.of("llm.requests"),
            PenstockConfig.of("dispatch.waiting.max_items=1").dispatch());

    private final Broker consumer = new Broker();
    private long nanos;
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

    /** One whose end offsets may time out. */
    private static final class Broker extends MockConsumer<byte[], byte[]> {
        private final Set<TopicPartition> assigned = new HashSet<>();
        private int asked;
        private boolean answers = true;

        Broker() {
            super("earliest");
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                Collection<TopicPartition> partitions, Duration timeout) {
            asked++;
            if (!answers) {
                throw new TimeoutException("no answer");
            }
            return super.endOffsets(partitions, timeout);
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
        return new ConsumerRecord<>(OUTCOMES.topic(), OUTCOMES.partition(), offset, new byte[0], new byte[0]);
    }

    private void poll() {
        sources.beforePoll();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ZERO);
        sources.afterPoll(records);
    }
}
