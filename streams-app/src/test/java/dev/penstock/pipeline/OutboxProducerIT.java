package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.penstock.embedded.TestBroker;
import dev.penstock.work.Transactions.PostCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class OutboxProducerIT {

    private static final String TOPIC = "written";

    private final List<String> happened = new ArrayList<>();
    private final Outbox outbox = new Outbox(() -> 0L, StepBudget.USUAL, new TransactionRecord());

    private OutboxProducer producer(TestBroker broker) {
        OutboxProducer producer = new OutboxProducer(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "transactional.id", "task",
                        "max.block.ms", "2000"),
                outbox);
        producer.initTransactions();
        return producer;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(TestBroker broker) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", "group"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** A transaction with one record that has arrived, and one call that waits for its end. */
    private void begin(OutboxProducer producer) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, new byte[] {1})).get();
        outbox.add(new PostCommit() {
            @Override
            public void committed() {
                happened.add("committed");
            }

            @Override
            public void dropped() {
                happened.add("dropped");
            }
        });
    }

    private TestBroker broker() throws Exception {
        TestBroker broker = TestBroker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        return broker;
    }

    @Test
    void shouldReleaseWhatWaitsOnceTheTransactionIsDurable() throws Exception {
        try (TestBroker broker = broker();
                OutboxProducer producer = producer(broker)) {
            // Given
            begin(producer);
            assertThat(happened).isEmpty();

            // When
            producer.commitTransaction();

            // Then
            assertThat(happened).containsExactly("committed");
        }
    }

    /** Kafka Streams goes on after a timeout, and may then commit what was dropped here: see the class. */
    @Test
    void shouldEndTheInstanceWhenNobodyKnowsWhetherATransactionIsDurable() throws Exception {
        try (TestBroker broker = broker();
                KafkaConsumer<byte[], byte[]> consumer = consumer(broker)) {
            // Given
            OutboxProducer producer = producer(broker);
            begin(producer);
            broker.close();

            // When
            Throwable offsets = catchThrowable(() -> producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("read", 0), new OffsetAndMetadata(1)), consumer.groupMetadata()));
            Throwable commit = catchThrowable(producer::commitTransaction);
            producer.close(Duration.ZERO);

            // Then
            assertThat(List.of(offsets, commit))
                    .allSatisfy(error -> assertThat(error)
                            .isInstanceOf(KafkaException.class)
                            .isNotInstanceOf(TimeoutException.class)
                            .hasCauseInstanceOf(TimeoutException.class));
            assertThat(happened).containsExactly("dropped");
        }
    }
}
