package dev.penstock.pipeline;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The main consumer of a stream thread, with the intake valve in front of the topics that requests arrive on. */
final class ValvedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final ValvedSources sources;

    ValvedConsumer(Map<String, Object> config, IntakeValve valve) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.sources = new ValvedSources(valve, this, new Unvalved(), System::nanoTime);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        sources.beforePoll();
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        sources.afterPoll(records);
        return records;
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        sources.paused(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        sources.resumed(partitions);
    }

    /** The consumer as it is without the valve. */
    private final class Unvalved implements ValvedSources.Flow {

        @Override
        public void pause(Collection<TopicPartition> sources) {
            ValvedConsumer.super.pause(sources);
        }

        @Override
        public void resume(Collection<TopicPartition> sources) {
            ValvedConsumer.super.resume(sources);
        }
    }
}
