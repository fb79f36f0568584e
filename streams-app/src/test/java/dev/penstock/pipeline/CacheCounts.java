package dev.penstock.pipeline;

import dev.penstock.cache.CacheListener;

/** Notes what the cache says of itself. */
final class CacheCounts implements CacheListener {

    int hits;
    int misses;
    int followed;
    int coalesced;
    int released;
    int kept;
    int evicted;
    long entries;
    long bytes;

    @Override
    public void hit() {
        hits++;
    }

    @Override
    public void miss() {
        misses++;
    }

    @Override
    public void followed() {
        followed++;
    }

    @Override
    public void coalesced() {
        coalesced++;
    }

    @Override
    public void released() {
        released++;
    }

    @Override
    public void kept() {
        kept++;
    }

    @Override
    public void evicted(int answers) {
        evicted += answers;
    }

    @Override
    public void holds(int partition, long entries, long bytes) {
        this.entries = entries;
        this.bytes = bytes;
    }

    @Override
    public void changed(int partition, long entries, long bytes) {
        this.entries += entries;
        this.bytes += bytes;
    }
}
