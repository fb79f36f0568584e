package dev.penstock.idempotency;

import dev.penstock.work.FollowingRequest;
import dev.penstock.work.Ticket;

/**
 * A request that waits for another's verdict.
 *
 * @param ticket what ends it
 * @param original its value as it arrived
 */
record FollowerEntry(Ticket ticket, byte[] original) implements FollowingRequest {}
