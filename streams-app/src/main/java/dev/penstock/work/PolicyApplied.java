package dev.penstock.work;

/**
 * A tenant's policy has changed: what its calls were refused or held for may hold no more.
 *
 * @param tenant whose policy it is
 */
public record PolicyApplied(String tenant) {}
