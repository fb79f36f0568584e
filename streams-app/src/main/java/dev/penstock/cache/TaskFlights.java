package dev.penstock.cache;

import dev.penstock.work.IntakeGate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What flies in one task, in memory, for both of the stage's processors, and how much follows it. A flight is stored only
 * from its first follower on: most never have one. So a restart forgets those that nobody follows; the next request of the
 * same question then makes a call of its own. Used by the task's stream thread alone.
 */
final class TaskFlights {

    private record Held(FlightEntry flight, boolean stored) {}

    private final IntakeGate gate;
    private final int partition;
    private final Map<CacheKey, Held> flights = new HashMap<>();
    private int followers;
    private long bytes;

    /** @param gate is told what follows: it waits like all that waits */
    TaskFlights(IntakeGate gate, int partition) {
        this.gate = gate;
        this.partition = partition;
    }

    @Nullable
    FlightEntry flight(CacheKey key) {
        Held held = flights.get(key);
        return held == null ? null : held.flight();
    }

    boolean isStored(CacheKey key) {
        Held held = flights.get(key);
        return held != null && held.stored();
    }

    void put(CacheKey key, FlightEntry flight, boolean stored) {
        flights.put(key, new Held(flight, stored));
    }

    void remove(CacheKey key) {
        flights.remove(key);
    }

    void follows(byte[] original) {
        changed(1, original.length);
    }

    void followsNoMore(byte[] original) {
        changed(-1, -original.length);
    }

    private void changed(int items, int size) {
        followers += items;
        bytes += size;
        gate.waiting(partition, IntakeGate.Place.FOLLOWERS, followers, bytes);
    }
}
