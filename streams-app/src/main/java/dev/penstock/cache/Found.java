package dev.penstock.cache;

/** What a look into the cache came to. */
sealed interface Found {

    /** The answer beside the entry may be given. */
    record Hit(CacheEntry entry) implements Found {}

    /** There is none, or none any more. */
    record Miss() implements Found {}
}
