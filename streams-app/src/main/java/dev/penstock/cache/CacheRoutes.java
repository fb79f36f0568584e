package dev.penstock.cache;

/**
 * The nodes that the stage forwards to.
 *
 * @param asked takes the requests that must be asked
 * @param ended takes what ends here
 */
public record CacheRoutes(String asked, String ended) {}
