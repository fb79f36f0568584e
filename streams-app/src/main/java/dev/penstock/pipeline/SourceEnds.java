package dev.penstock.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker where topics end, each partition by itself: one whose leader is away keeps no other waiting. Kafka answers
 * for all that it is asked for at once, or for none.
 */
final class SourceEnds {

    private static final Logger LOG = LoggerFactory.getLogger(SourceEnds.class);
    /** The stream thread waits for the broker here, for so long at a time at most, whatever it asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** With less time than that nobody is asked: who does not answer in it may be well. */
    private static final Duration LEAST = PATIENCE.dividedBy(2);
    /** After one that did not answer, those of which as much is to be expected are left alone for so long. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** Takes the ends of all sources of a partition. */
    interface Answers {

        void ends(Map<TopicPartition, Long> ends);
    }

    private final Consumer<byte[], byte[]> consumer;
    private final LongSupplier nanoClock;
    /** Partitions that did not answer, first the one that was asked longest ago. */
    private final Set<Integer> silent = new LinkedHashSet<>();

    private long restsUntilNanos;

    /** @param nanoClock a clock that never goes back, in nanoseconds */
    SourceEnds(Consumer<byte[], byte[]> consumer, LongSupplier nanoClock) {
        this.consumer = consumer;
        this.nanoClock = nanoClock;
        this.restsUntilNanos = nanoClock.getAsLong();
    }

    /**
     * Asks for those that are still to be found out, until one does not answer. Those that are likely to answer come first.
     *
     * @param unknown the sources of each partition
     */
    void ask(Map<Integer, List<TopicPartition>> unknown, Answers answers) {
        silent.retainAll(unknown.keySet());
        long begun = nanoClock.getAsLong();
        for (int partition : inTurn(unknown, begun)) {
            long left = PATIENCE.toNanos() - (nanoClock.getAsLong() - begun);
            if (left < LEAST.toNanos()) {
                return;
            }
            try {
                answers.ends(consumer.endOffsets(unknown.get(partition), Duration.ofNanos(left)));
                silent.remove(partition);
            } catch (TimeoutException e) {
                isSilent(partition);
                return;
            }
        }
    }

    private void isSilent(int partition) {
        silent.remove(partition);
        silent.add(partition);
        restsUntilNanos = nanoClock.getAsLong() + REST.toNanos();
        LOG.atWarn()
                .addKeyValue("partition", partition)
                .log(
                        "the broker did not tell the ends of what must be read first; what waits for that goes on waiting");
    }

    /** Those that have a leader and were not silent yet; then, after a rest, the silent ones, at last those without a leader. */
    private List<Integer> inTurn(Map<Integer, List<TopicPartition>> unknown, long now) {
        Set<Integer> byAge = new LinkedHashSet<>(silent);
        byAge.addAll(unknown.keySet());
        List<Integer> turn = new ArrayList<>();
        List<Integer> quiet = new ArrayList<>();
        List<Integer> leaderless = new ArrayList<>();
        for (int partition : byAge) {
            if (unknown.getOrDefault(partition, List.of()).stream().anyMatch(this::hasNoLeader)) {
                leaderless.add(partition);
            } else if (silent.contains(partition)) {
                quiet.add(partition);
            } else {
                turn.add(partition);
            }
        }
        if (now - restsUntilNanos >= 0) {
            turn.addAll(quiet);
            turn.addAll(leaderless);
        }
        return turn;
    }

    /** As far as the consumer knows from its polls; it is not asked to find out. */
    private boolean hasNoLeader(TopicPartition source) {
        try {
            return consumer.partitionsFor(source.topic(), Duration.ZERO).stream()
                    .filter(known -> known.partition() == source.partition())
                    .anyMatch(known -> known.leader() == null || known.leader().isEmpty());
        } catch (TimeoutException unknown) {
            return false;
        }
    }
}
