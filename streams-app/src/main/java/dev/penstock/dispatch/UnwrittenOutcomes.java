package dev.penstock.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes that were handed over and that the broker has not acknowledged, by partition. Each assigned partition has the
 * same share of the permits, rounded down. One that has its share of such outcomes, at least one, or has one for too long,
 * makes no calls: nothing that it paid for could be written. Outcomes beyond the share give their permits back before they
 * are written, those of a partition that has left all of them. So all partitions together but one never hold all permits.
 */
public final class UnwrittenOutcomes {

    /** A partition whose oldest outcome has waited as long makes no calls until it is acknowledged. */
    static final Duration STANDSTILL = Duration.ofSeconds(5);

    private static final class Partition {
        private final SequencedMap<HeldLaunch, Instant> since = new LinkedHashMap<>();
        private final SequencedSet<HeldLaunch> withPermit = new LinkedHashSet<>();

        private Instant oldest() {
            return since.firstEntry().getValue();
        }
    }

    private final int capacity;
    private final Set<Integer> assigned;
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private int withoutPermit;

    /**
     * @param capacity the permits of the instance
     * @param assigned the partitions that share them, as they are at any time; for use by several threads
     */
    UnwrittenOutcomes(int capacity, Set<Integer> assigned) {
        this.capacity = capacity;
        this.assigned = assigned;
    }

    /**
     * Notes an outcome that is handed over now.
     *
     * @return those of its partition that are to give their permits back now
     */
    synchronized List<HeldLaunch> add(HeldLaunch held, Instant now) {
        Partition own = partitions.computeIfAbsent(held.partition(), number -> new Partition());
        if (own.since.putIfAbsent(held, now) == null) {
            own.withPermit.add(held);
        }
        return beyondShare(held.partition(), own);
    }

    /**
     * Counts anew, after a partition was assigned or has left.
     *
     * @return those that are to give their permits back now
     */
    synchronized List<HeldLaunch> sharesChanged() {
        List<HeldLaunch> beyond = new ArrayList<>();
        partitions.forEach((number, own) -> beyond.addAll(beyondShare(number, own)));
        return beyond;
    }

    private List<HeldLaunch> beyondShare(int number, Partition own) {
        int share = assigned.contains(number) ? share() : 0;
        List<HeldLaunch> beyond = new ArrayList<>();
        while (own.withPermit.size() > share) {
            beyond.add(own.withPermit.removeFirst());
        }
        withoutPermit += beyond.size();
        return beyond;
    }

    /** Less than one where there are more partitions than permits: then no outcome keeps its permit. */
    private int share() {
        return capacity / Math.max(1, assigned.size());
    }

    /**
     * What a partition may have in flight and unwritten, whatever others have: its share, but one where partitions that came and
     * went have left more unwritten than twice the permits.
     */
    synchronized int calls() {
        return withoutPermit < 2 * capacity ? Math.max(1, share()) : 1;
    }

    /** It is written, or never will be. */
    synchronized void remove(HeldLaunch held) {
        Partition own = partitions.get(held.partition());
        if (own == null || own.since.remove(held) == null) {
            return;
        }
        withoutPermit -= own.withPermit.remove(held) ? 0 : 1;
        if (own.since.isEmpty()) {
            partitions.remove(held.partition());
        }
    }

    /** Whether calls of a partition may be made: their outcomes can be written soon. */
    synchronized boolean mayCall(int partition, Instant now) {
        @Nullable Partition own = partitions.get(partition);
        return own == null
                || (own.since.size() < calls() && own.oldest().plus(STANDSTILL).isAfter(now));
    }

    /** How many there are, of all partitions. */
    public synchronized int count() {
        return partitions.values().stream().mapToInt(own -> own.since.size()).sum();
    }

    /** How many have given their permits back. */
    synchronized int withoutPermit() {
        return withoutPermit;
    }

    /** How long the oldest has waited; zero when there is none. */
    public synchronized Duration oldestAge(Instant now) {
        return partitions.values().stream()
                .map(Partition::oldest)
                .min(Instant::compareTo)
                .map(since -> Duration.between(since, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }
}
