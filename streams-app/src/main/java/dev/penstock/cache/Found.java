package dev.penstock.cache;

/** The result of a look into the cache. */
sealed interface Found {

    /** The answer beside the entry may be given. */
    record Hit(CacheEntry entry) implements Found {}

    /** There is none, or none any more. */
    record Miss() implements Found {}
}
