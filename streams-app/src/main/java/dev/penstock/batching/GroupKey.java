package dev.penstock.batching;

/**
 * What requests must have in common to share a prompt.
 *
 * @param tenant whose they are; never shared with another
 * @param hash SHA-256 over tenant, route, parameters and system prompt, in hexadecimal
 */
record GroupKey(String tenant, String hash) {}
