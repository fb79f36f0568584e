package dev.penstock.idempotency;

/**
 * The nodes that the stage forwards to.
 *
 * @param first takes the requests that lead
 * @param ended takes the terminals of those that do not
 */
public record IdempotencyRoutes(String first, String ended) {}
