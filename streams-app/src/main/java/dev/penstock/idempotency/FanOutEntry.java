package dev.penstock.idempotency;

/**
 * A verdict that is still to be given to followers.
 *
 * @param hash the key of the request that they follow
 * @param leader that request
 */
record FanOutEntry(String hash, String leader) {}
