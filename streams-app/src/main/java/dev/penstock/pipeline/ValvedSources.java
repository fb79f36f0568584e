package dev.penstock.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the intake valve does to the sources of one consumer: lets them flow or not, and follows how far those are read that
 * must be read first. A source that Streams itself paused stays paused, whatever the valve says.
 */
final class ValvedSources {

    private static final Logger LOG = LoggerFactory.getLogger(ValvedSources.class);

    /** Lets sources of the consumer flow, or stops them. */
    interface Flow {

        void pause(Collection<TopicPartition> sources);

        void resume(Collection<TopicPartition> sources);
    }

    private final IntakeValve valve;
    private final Consumer<byte[], byte[]> consumer;
    private final Flow flow;
    private final SourceEnds ends;
    private final Set<TopicPartition> pausedByStreams = new HashSet<>();
    private final Set<TopicPartition> catchingUp = new HashSet<>();

    /**
     * @param consumer is asked what it has and where it stands
     * @param nanoClock a clock that never goes back, in nanoseconds
     */
    ValvedSources(IntakeValve valve, Consumer<byte[], byte[]> consumer, Flow flow, LongSupplier nanoClock) {
        this.valve = valve;
        this.consumer = consumer;
        this.flow = flow;
        this.ends = new SourceEnds(consumer, nanoClock);
    }

    void beforePoll() {
        Set<TopicPartition> assignment = consumer.assignment();
        noteEnds(assignment);
        turnValves(assignment);
    }

    /** @param records what the poll returned */
    void afterPoll(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition source : records.partitions()) {
            CatchUp catchUp = valve.catchUp(source);
            if (catchUp != null) {
                catchUp.returned(records.records(source).getLast().offset());
            }
        }
        if (!catchingUp.isEmpty()) {
            Set<TopicPartition> assignment = consumer.assignment();
            catchingUp.removeIf(source -> !assignment.contains(source) || followedToEnd(source));
        }
    }

    /** Streams pauses sources for reasons of its own. */
    void paused(Collection<TopicPartition> sources) {
        pausedByStreams.addAll(sources);
        flow.pause(sources);
    }

    /** Streams has no reason of its own any more to keep sources paused. */
    void resumed(Collection<TopicPartition> sources) {
        pausedByStreams.removeAll(sources);
        flow.resume(sources.stream().filter(this::mayFlow).toList());
    }

    private boolean mayFlow(TopicPartition source) {
        return !valve.isGated(source) || valve.isOpen(source.partition());
    }

    private void turnValves(Set<TopicPartition> assignment) {
        pausedByStreams.retainAll(assignment);
        Set<TopicPartition> paused = consumer.paused();
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
            flow.pause(close);
        }
        if (!open.isEmpty()) {
            flow.resume(open);
        }
    }

    /** For a task that has just started, before anything is polled for it; later, whenever it asks to catch up again. */
    private void noteEnds(Set<TopicPartition> assignment) {
        Map<Integer, List<TopicPartition>> unknown = assignment.stream()
                .filter(source -> valve.isReadFirst(source) && valve.awaitsEnds(source.partition()))
                .collect(Collectors.groupingBy(TopicPartition::partition));
        ends.ask(unknown, told -> {
            valve.catchUpTo(told);
            catchingUp.addAll(told.keySet());
        });
    }

    private boolean followedToEnd(TopicPartition source) {
        CatchUp catchUp = valve.catchUp(source);
        if (catchUp == null) {
            return true;
        }
        try {
            catchUp.positionIs(consumer.position(source, Duration.ZERO));
        } catch (TimeoutException e) {
            // It is found out as the consumer polls. To wait for it here would keep all other partitions waiting.
            return false;
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
