package dev.penstock.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes that were handed over and that the broker has not acknowledged, by partition. A partition that has its share of
 * them, or one for too long, makes no calls: nothing that it paid for could be written. Those beyond its share give their
 * permits back before they are written, so that other partitions go on; of all partitions together, as many as there are
 * permits at most.
 */
public final class UnwrittenOutcomes {

    /** A partition whose oldest outcome has waited as long makes no calls until it is acknowledged. */
    static final Duration STANDSTILL = Duration.ofSeconds(5);

    /** @param overdrawn whether it has given its permit back */
    private record Pending(Instant since, boolean overdrawn) {}

    private final int capacity;
    private final Map<Integer, SequencedMap<HeldLaunch, Pending>> partitions = new HashMap<>();
    private int overdrawn;

    /** @param capacity the permits of the instance */
    UnwrittenOutcomes(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Notes an outcome that is handed over now.
     *
     * @param share of the permits, for each partition
     * @return whether it is to give its permit back now
     */
    synchronized boolean add(HeldLaunch held, int share, Instant now) {
        SequencedMap<HeldLaunch, Pending> pending =
                partitions.computeIfAbsent(held.partition(), partition -> new LinkedHashMap<>());
        if (pending.containsKey(held)) {
            return false;
        }
        boolean beyond = pending.size() >= share && overdrawn < capacity;
        pending.put(held, new Pending(now, beyond));
        overdrawn += beyond ? 1 : 0;
        return beyond;
    }

    /** It is written, or never will be. */
    synchronized void remove(HeldLaunch held) {
        SequencedMap<HeldLaunch, Pending> pending = partitions.get(held.partition());
        if (pending == null) {
            return;
        }
        @Nullable Pending removed = pending.remove(held);
        if (removed == null) {
            return;
        }
        overdrawn -= removed.overdrawn() ? 1 : 0;
        if (pending.isEmpty()) {
            partitions.remove(held.partition());
        }
    }

    /** Whether calls of a partition may be made: what they come to can be written soon. */
    synchronized boolean mayCall(int partition, int share, Instant now) {
        SequencedMap<HeldLaunch, Pending> pending = partitions.get(partition);
        return pending == null
                || (pending.size() < share && oldest(pending).plus(STANDSTILL).isAfter(now));
    }

    /** How many there are, of all partitions. */
    public synchronized int count() {
        return partitions.values().stream().mapToInt(Map::size).sum();
    }

    /** How long the oldest has waited; zero when there is none. */
    public synchronized Duration oldestAge(Instant now) {
        return partitions.values().stream()
                .map(UnwrittenOutcomes::oldest)
                .min(Instant::compareTo)
                .map(since -> Duration.between(since, now))
                .filter(age -> !age.isNegative())
                .orElse(Duration.ZERO);
    }

    private static Instant oldest(SequencedMap<HeldLaunch, Pending> pending) {
        return pending.firstEntry().getValue().since();
    }
}
