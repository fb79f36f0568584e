package dev.penstock.pipeline;

import dev.penstock.config.DispatchConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.work.FollowerLimits;
import dev.penstock.work.IntakeGate;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for each partition, whether requests may be read. Closed until everything that was written to the topics read
 * first, before the task started, has been processed: no admission under state that is still unread, no call in doubt that
 * an unread outcome would settle. Closed, too, while more waits than should: a backlog belongs in Kafka.
 */
final class IntakeValve implements IntakeGate {

    /** Opens again when a fifth has gone, so that it does not flutter. */
    private static final double REOPEN_AT = 0.8;

    /** One partition's state: written by its stream thread, read by others for health. */
    private static final class Gate {
        private final Map<TopicPartition, CatchUp> catchUps = new ConcurrentHashMap<>();
        private volatile boolean endsKnown;
        private volatile boolean caughtUp;
        private volatile boolean full;

        /** Once it has, it stays so: another catch-up holds back nothing but who asked for it. */
        boolean caughtUp() {
            caughtUp |= upToDate();
            return caughtUp;
        }

        boolean upToDate() {
            return endsKnown
                    && catchUps.values().stream().filter(CatchUp::hasEnd).allMatch(CatchUp::isDone);
        }
    }

    private record Load(int items, long bytes) {
        static final Load NONE = new Load(0, 0);
    }

    private final Set<String> readFirst;
    private final Set<String> gated;
    private final DispatchConfig config;
    private final Map<Integer, Gate> gates = new ConcurrentHashMap<>();
    private final Map<Integer, Map<Place, Load>> loads = new ConcurrentHashMap<>();
    private final Map<Integer, Map<Place, Integer>> followers = new ConcurrentHashMap<>();
    private volatile boolean shut;

    /**
     * @param readFirst topics that are read to the end before requests are
     * @param gated topics that requests arrive on
     */
    IntakeValve(Set<String> readFirst, Set<String> gated, DispatchConfig config) {
        this.readFirst = Set.copyOf(readFirst);
        this.gated = Set.copyOf(gated);
        this.config = config;
    }

    /** The valve of a pipeline: with budgets, policies and usage are read first too, wherever they had been written. */
    static IntakeValve of(PenstockConfig config, Topics topics) {
        Set<String> readFirst = config.budgets().enabled()
                ? Set.of(topics.outcomes(), topics.tenants(), topics.usage(), topics.reroutedControl())
                : Set.of(topics.outcomes());
        return new IntakeValve(readFirst, Set.of(topics.requests(), topics.rerouted()), config.dispatch());
    }

    boolean isGated(TopicPartition source) {
        return gated.contains(source.topic());
    }

    boolean isReadFirst(TopicPartition source) {
        return readFirst.contains(source.topic());
    }

    @Override
    public void started(int partition) {
        gates.put(partition, new Gate());
    }

    @Override
    public void ended(int partition) {
        gates.remove(partition);
        loads.remove(partition);
        followers.remove(partition);
    }

    @Override
    public void catchUpAgain(int partition) {
        Gate gate = gates.get(partition);
        if (gate != null && gate.caughtUp()) {
            gate.endsKnown = false;
        }
    }

    @Override
    public boolean caughtUpAgain(int partition) {
        Gate gate = gates.get(partition);
        return gate != null && gate.upToDate();
    }

    /** Whether a task has started, or asked again, and what it must catch up to is still to be found out. */
    boolean awaitsEnds(int partition) {
        Gate gate = gates.get(partition);
        return gate != null && !gate.endsKnown;
    }

    /** Sets the ends of what the tasks read first, all sources of a partition at once. */
    void catchUpTo(Map<TopicPartition, Long> ends) {
        ends.forEach((source, end) -> {
            Gate gate = gates.get(source.partition());
            if (gate != null) {
                gate.catchUps.merge(source, new CatchUp(end), (before, later) -> before.to(end));
            }
        });
        for (TopicPartition source : ends.keySet()) {
            Gate gate = gates.get(source.partition());
            if (gate != null) {
                gate.endsKnown = true;
            }
        }
    }

    /** The catch-up of a source that is read first; null when its partition has no task here. */
    @Nullable
    CatchUp catchUp(TopicPartition source) {
        Gate gate = gates.get(source.partition());
        return gate == null || !isReadFirst(source)
                ? null
                : gate.catchUps.computeIfAbsent(source, unread -> new CatchUp());
    }

    @Override
    public void processed(String topic, int partition, long offset) {
        CatchUp catchUp = catchUp(new TopicPartition(topic, partition));
        if (catchUp != null) {
            catchUp.processed(offset);
        }
    }

    /** A task tells of what waits upstream of the queue before it tells that it has started. */
    @Override
    public void waiting(int partition, Place place, int items, long bytes) {
        Map<Place, Load> load = loads.computeIfAbsent(partition, started -> new ConcurrentHashMap<>());
        load.put(place, new Load(items, bytes));
        Gate gate = gates.get(partition);
        if (gate != null) {
            measure(load, gate);
        }
    }

    /** As much of one tenant as may wait in a partition. */
    @Override
    public FollowerLimits followerLimits() {
        return new FollowerLimits(config.waitingMaxItems(), config.waitingMaxBytes());
    }

    @Override
    public void following(int partition, Place place, int all) {
        followers
                .computeIfAbsent(partition, started -> new ConcurrentHashMap<>())
                .put(place, all);
    }

    /** How many follow in a place, in all partitions. */
    int following(Place place) {
        return followers.values().stream()
                .mapToInt(places -> places.getOrDefault(place, 0))
                .sum();
    }

    private void measure(Map<Place, Load> load, Gate gate) {
        long items = 0;
        long bytes = 0;
        for (Load in : load.values()) {
            items += in.items();
            bytes += in.bytes();
        }
        double share = gate.full ? REOPEN_AT : 1;
        gate.full = items > config.waitingMaxItems() * share || bytes > config.waitingMaxBytes() * share;
    }

    @Override
    public boolean caughtUp(int partition) {
        Gate gate = gates.get(partition);
        return gate != null && gate.caughtUp();
    }

    /** Whether requests of the partition may be read now. */
    boolean isOpen(int partition) {
        Gate gate = gates.get(partition);
        return !shut && gate != null && !gate.full && gate.caughtUp();
    }

    /** Closes every partition, for good: the instance is draining. */
    void shut() {
        shut = true;
    }

    /** Partitions of the tasks that this instance has. */
    Set<Integer> partitions() {
        return partitionsWhere(gate -> true);
    }

    /** Partitions whose catch-up is not over. */
    Set<Integer> catchingUp() {
        return partitionsWhere(gate -> !gate.caughtUp());
    }

    /** How many wait in a place, in all partitions. */
    int waiting(Place place) {
        return loads.values().stream()
                .mapToInt(load -> load.getOrDefault(place, Load.NONE).items())
                .sum();
    }

    /** Partitions closed because too much waits. */
    Set<Integer> full() {
        return partitionsWhere(gate -> gate.full);
    }

    private Set<Integer> partitionsWhere(Predicate<Gate> holds) {
        return gates.entrySet().stream()
                .filter(gate -> holds.test(gate.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
