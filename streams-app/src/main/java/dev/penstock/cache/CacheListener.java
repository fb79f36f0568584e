package dev.penstock.cache;

/** Receives what the cache does, for metrics. What is rolled back is reported again. Thread-safe. */
public interface CacheListener {

    /** A request was answered from the cache. */
    void hit();

    /** A request looked and found nothing. */
    void miss();

    /** A request follows a call that is in flight. */
    void followed();

    /** A follower was given the answer of the call that it followed. */
    void coalesced();

    /** A follower continues alone, or under another leader. */
    void released();

    /** An answer was kept. */
    void kept();

    /** Answers had to go to make room. */
    void evicted(int answers);

    /** What a task's cache holds in all, when it starts; nothing once it has ended. */
    void holds(int partition, long entries, long bytes);

    /** What was added to it, or taken away. */
    void changed(int partition, long entries, long bytes);
}
