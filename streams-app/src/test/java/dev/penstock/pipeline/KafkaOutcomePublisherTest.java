package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.PenstockConfig;
import dev.penstock.dispatch.OutcomePublisher;
import dev.penstock.schemas.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class KafkaOutcomePublisherTest {

    private static final String TOPIC = "llm.outcomes";
    private static final int BIG = 300 * 1024;
    private static final int HUGE = 2_000_000;
    private static final int BATCH = 256 * 1024;

    private final List<Exception> fatal = new CopyOnWriteArrayList<>();
    private final List<Integer> written = new CopyOnWriteArrayList<>();
    private final List<Integer> failed = new CopyOnWriteArrayList<>();

    @Test
    void shouldHoldNoMoreOfAPartitionThanItsBoundAndDelayNoOther() {
        // Given
        OnePartitionAway producer = new OnePartitionAway(1);
        KafkaOutcomePublisher publisher = new KafkaOutcomePublisher(producer, TOPIC, fatal::add);

        // When
        List<Thread> waiting = new ArrayList<>();
        for (int outcome = 0; outcome < 20; outcome++) {
            waiting.add(Thread.startVirtualThread(() -> publish(publisher, 1, BIG)));
        }
        await().until(() -> !publisher.hasRoom(1)
                && waiting.stream().filter(Thread::isAlive).count() == 16);
        for (int outcome = 0; outcome < 20; outcome++) {
            publish(publisher, 0, BIG);
            publish(publisher, 2, BIG);
        }

        // Then
        assertThat(written).hasSize(40).doesNotContain(1);
        assertThat(publisher.unacknowledgedBytes()).isLessThan(KafkaOutcomePublisher.PARTITION_BYTES + 2 * BIG);
        assertThat(publisher.hasRoom(0)).isTrue();

        // When
        await().until(() -> {
            producer.takesAll();
            return written.size() == 60;
        });

        // Then
        assertThat(publisher.unacknowledgedBytes()).isZero();
        publisher.close();
    }

    /** The producer blocks whoever it has no memory for: it must never have to. */
    @Test
    void shouldHoldFarLessThanTheProducersMemoryThoughNoPartitionCanBeWrittenAndTheLastOutcomesAreHuge() {
        // Given
        int partitions = 24;
        NoPartition producer = new NoPartition(partitions);
        KafkaOutcomePublisher publisher = new KafkaOutcomePublisher(producer, TOPIC, fatal::add);
        long memory = (long) Objects.requireNonNull(
                KafkaOutcomePublisher.settings(PenstockConfig.of("topics.partitions=" + partitions))
                        .get(ProducerConfig.BUFFER_MEMORY_CONFIG));

        // When
        for (int partition = 0; partition < partitions; partition++) {
            for (int outcome = 0; outcome < 7; outcome++) {
                publish(publisher, partition, BATCH / 2);
            }
            publish(publisher, partition, HUGE);
        }

        // Then
        assertThat(IntStream.range(0, partitions)).noneMatch(publisher::hasRoom);
        assertThat(producer.allocated())
                .isGreaterThan(partitions * 3L * 1024 * 1024)
                .isLessThanOrEqualTo(memory / 2);
        publisher.close();
    }

    @Test
    void shouldLeaveAnOutcomeThatTheBrokerRefusesToDoubtAndWriteTheOthers() {
        // Given
        MockProducer<byte[], byte[]> producer = mock(false);
        KafkaOutcomePublisher publisher = new KafkaOutcomePublisher(producer, TOPIC, fatal::add);
        publish(publisher, 0, 10);
        publish(publisher, 2, 10);

        // When
        producer.errorNext(new RecordTooLargeException("refused"));
        producer.completeNext();

        // Then
        assertThat(failed).containsExactly(0);
        assertThat(written).containsExactly(2);
        assertThat(publisher.failed()).isEqualTo(1);
        assertThat(fatal).isEmpty();
        publisher.close();
    }

    @Test
    void shouldEndTheProcessWhereEveryOtherOutcomeWouldBeRefusedToo() {
        // Given
        MockProducer<byte[], byte[]> producer = mock(false);
        KafkaOutcomePublisher publisher = new KafkaOutcomePublisher(producer, TOPIC, fatal::add);
        publish(publisher, 0, 10);

        // When
        producer.errorNext(new TopicAuthorizationException(TOPIC));

        // Then
        assertThat(failed).containsExactly(0);
        assertThat(fatal).hasSize(1);
        publisher.close();
    }

    @Test
    void shouldFailWhateverIsNotWrittenWhenItCloses() throws Exception {
        // Given
        OnePartitionAway producer = new OnePartitionAway(1);
        KafkaOutcomePublisher publisher = new KafkaOutcomePublisher(producer, TOPIC, fatal::add);
        List<Thread> waiting = new ArrayList<>();
        for (int outcome = 0; outcome < 20; outcome++) {
            waiting.add(Thread.startVirtualThread(() -> publish(publisher, 1, BIG)));
        }
        await().until(() -> waiting.stream().filter(Thread::isAlive).count() == 16);

        // When
        publisher.close();
        for (Thread thread : waiting) {
            thread.join();
        }
        publish(publisher, 0, BIG);

        // Then
        assertThat(failed).hasSize(21);
        assertThat(publisher.unacknowledgedBytes()).isZero();
        assertThat(publisher.failed())
                .as("the end of the process is no refusal")
                .isZero();
        assertThat(fatal).isEmpty();
    }

    private void publish(KafkaOutcomePublisher publisher, int partition, int bytes) {
        publisher.publish(partition, outcome(bytes), new OutcomePublisher.Receipt() {
            @Override
            public void written() {
                written.add(partition);
            }

            @Override
            public void failed() {
                failed.add(partition);
            }
        });
    }

    private static Outcome outcome(int bytes) {
        Instant at = TestPipeline.START;
        return new Outcome(
                "llm.requests-0-1",
                1,
                "acme",
                "node/run",
                Outcome.Kind.ANSWERED,
                new Outcome.Answer(
                        200, "p-1", JsonMapper.shared().createObjectNode().put("text", "x".repeat(bytes))),
                null,
                null,
                "fake",
                "m-1",
                null,
                null,
                List.of(),
                at,
                at,
                null);
    }

    private static MockProducer<byte[], byte[]> mock(boolean completes) {
        return new MockProducer<>(of(3), completes, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Cluster of(int count) {
        Node node = new Node(0, "broker", 9092);
        List<PartitionInfo> partitions = IntStream.range(0, count)
                .mapToObj(partition -> new PartitionInfo(TOPIC, partition, node, new Node[0], new Node[0]))
                .toList();
        return new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of());
    }

    /** Takes what is sent to all partitions but one; what is sent to that one fails when the producer closes. */
    private static final class OnePartitionAway extends MockProducer<byte[], byte[]> {

        private final int away;
        private final Queue<Callback> kept = new ConcurrentLinkedQueue<>();

        OnePartitionAway(int away) {
            super(of(3), true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.away = away;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (record.partition() != away) {
                return super.send(record, callback);
            }
            kept.add(callback);
            return new CompletableFuture<>();
        }

        void takesAll() {
            for (Callback next = kept.poll(); next != null; next = kept.poll()) {
                next.onCompletion(new RecordMetadata(new TopicPartition(TOPIC, away), 0, 0, 0, 0, 0), null);
            }
        }

        @Override
        public void close(Duration timeout) {
            for (Callback next = kept.poll(); next != null; next = kept.poll()) {
                next.onCompletion(null, new KafkaException("closed"));
            }
            super.close(timeout);
        }
    }

    /** Takes nothing, and counts what Kafka's producer would allocate: no two of these outcomes share a batch. */
    private static final class NoPartition extends MockProducer<byte[], byte[]> {

        private final AtomicLong allocated = new AtomicLong();

        NoPartition(int partitions) {
            super(of(partitions), false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            allocated.addAndGet(Math.max(BATCH, record.value().length));
            return super.send(record, callback);
        }

        long allocated() {
            return allocated.get();
        }
    }

    /** With more than one, a broker that is just coming up can take the second first, and the partition stands still. */
    @Test
    void shouldHaveOneRequestUnderWaySoThatNoBatchOvertakesAnother() {
        // Given
        PenstockConfig config = PenstockConfig.of();

        // When / Then
        assertThat(KafkaOutcomePublisher.settings(config))
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    }
}
