package dev.penstock.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main consumer of a stream thread, with the intake valve in front of the topics that requests arrive on. A partition
 * that Streams itself paused stays paused, whatever the valve says.
 */
final class ValvedConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(ValvedConsumer.class);
    /** The stream thread waits for the broker here; if it does not answer, the valve stays closed until the next poll. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** A broker that did not tell the ends is left alone for so long: the thread has other work than to wait for it. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final IntakeValve valve;
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();
    private final Set<TopicPartition> catchingUp = new HashSet<>();
    private long asksNotBeforeNanos = System.nanoTime();

    ValvedConsumer(Map<String, Object> config, IntakeValve valve) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.valve = valve;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        Set<TopicPartition> assignment = assignment();
        noteEnds(assignment);
        turnValves(assignment);
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        followCatchUps(records);
        return records;
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByStreams.addAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByStreams.removeAll(partitions);
        super.resume(partitions.stream().filter(this::mayFlow).toList());
    }

    private boolean mayFlow(TopicPartition source) {
        return !valve.isGated(source) || valve.isOpen(source.partition());
    }

    private void turnValves(Set<TopicPartition> assignment) {
        pausedByStreams.retainAll(assignment);
        Set<TopicPartition> paused = paused();
        List<TopicPartition> close = new ArrayList<>();
        List<TopicPartition> open = new ArrayList<>();
        for (TopicPartition source : assignment) {
            boolean flows = !paused.contains(source);
            if (valve.isGated(source) && flows != mayFlow(source)) {
                if (flows) {
                    close.add(source);
                } else if (!pausedByStreams.contains(source)) {
                    open.add(source);
                }
            }
        }
        if (!close.isEmpty()) {
            super.pause(close);
        }
        if (!open.isEmpty()) {
            super.resume(open);
        }
    }

    /** For a task that has just started, before anything is polled for it; later, whenever it asks to catch up again. */
    private void noteEnds(Set<TopicPartition> assignment) {
        List<TopicPartition> unknown = assignment.stream()
                .filter(source -> valve.isReadFirst(source) && valve.awaitsEnds(source.partition()))
                .toList();
        if (unknown.isEmpty() || System.nanoTime() - asksNotBeforeNanos < 0) {
            return;
        }
        try {
            valve.catchUpTo(endOffsets(unknown, PATIENCE));
            catchingUp.addAll(unknown);
        } catch (TimeoutException e) {
            asksNotBeforeNanos = System.nanoTime() + REST.toNanos();
            LOG.atWarn()
                    .addKeyValue("partitions", unknown.size())
                    .log(
                            "the broker did not tell the ends of what must be read first; what waits for that goes on waiting");
        }
    }

    private void followCatchUps(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition source : records.partitions()) {
            CatchUp catchUp = valve.catchUp(source);
            if (catchUp != null) {
                catchUp.returned(records.records(source).getLast().offset());
            }
        }
        if (!catchingUp.isEmpty()) {
            Set<TopicPartition> assignment = assignment();
            catchingUp.removeIf(source -> !assignment.contains(source) || followedToEnd(source));
        }
    }

    private boolean followedToEnd(TopicPartition source) {
        CatchUp catchUp = valve.catchUp(source);
        if (catchUp == null) {
            return true;
        }
        try {
            catchUp.positionIs(position(source, PATIENCE));
        } catch (KafkaException e) {
            // Whatever is wrong here, what was polled must be returned: the consumer has moved on past it.
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("why", e.getClass().getSimpleName())
                    .log("no position is known; intake stays closed");
        }
        return catchUp.isReadToEnd();
    }
}
