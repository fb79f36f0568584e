package dev.penstock.pipeline;

import dev.penstock.cache.CacheListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** What the cache counts: hits, misses, followers, evictions, and what it holds. */
final class CacheMetrics implements CacheListener {

    private final Counter hits;
    private final Counter misses;
    private final Counter followed;
    private final Counter coalesced;
    private final Counter released;
    private final Counter kept;
    private final Counter evicted;
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();

    private record Held(long entries, long bytes) {
        Held plus(long moreEntries, long moreBytes) {
            return new Held(entries + moreEntries, bytes + moreBytes);
        }
    }

    CacheMetrics(MeterRegistry meters) {
        this.hits = lookups(meters, "hit");
        this.misses = lookups(meters, "miss");
        this.followed = followers(meters, "followed");
        this.coalesced = followers(meters, "coalesced");
        this.released = followers(meters, "released");
        this.kept = counter(meters, "penstock.cache.kept", "Answers kept");
        this.evicted = counter(meters, "penstock.cache.evictions", "Answers removed to make room for others");
        Gauge.builder("penstock.cache.entries", () -> sum(Held::entries))
                .description("Answers in the cache of this instance's partitions")
                .register(meters);
        Gauge.builder("penstock.cache.size", () -> sum(Held::bytes))
                .description("Their size as stored, bookkeeping included")
                .baseUnit("bytes")
                .register(meters);
    }

    private static Counter lookups(MeterRegistry meters, String result) {
        return Counter.builder("penstock.cache.lookups")
                .description("Requests that looked into the cache")
                .tag("result", result)
                .register(meters);
    }

    private static Counter followers(MeterRegistry meters, String what) {
        return Counter.builder("penstock.cache.followers")
                .description("Requests that followed a call in flight, and what became of them")
                .tag("event", what)
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    private long sum(ToLongFunction<Held> what) {
        return held.values().stream().mapToLong(what).sum();
    }

    @Override
    public void hit() {
        hits.increment();
    }

    @Override
    public void miss() {
        misses.increment();
    }

    @Override
    public void followed() {
        followed.increment();
    }

    @Override
    public void coalesced() {
        coalesced.increment();
    }

    @Override
    public void released() {
        released.increment();
    }

    @Override
    public void kept() {
        kept.increment();
    }

    @Override
    public void evicted(int answers) {
        evicted.increment(answers);
    }

    @Override
    public void holds(int partition, long entries, long bytes) {
        held.put(partition, new Held(entries, bytes));
    }

    @Override
    public void changed(int partition, long entries, long bytes) {
        held.computeIfPresent(partition, (at, before) -> before.plus(entries, bytes));
    }
}
