package dev.penstock.cache;

import dev.penstock.work.FollowingRequest;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Ticket;

/**
 * A request that follows another's call.
 *
 * @param ticket what ends it
 * @param key its own idempotency key, of which it is the first
 * @param original its value as it arrived
 */
record WaitingEntry(Ticket ticket, IdempotencyKey key, byte[] original) implements FollowingRequest {}
