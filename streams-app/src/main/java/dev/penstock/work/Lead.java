package dev.penstock.work;

import dev.penstock.schemas.Request;

/**
 * A request that leads: the first of its idempotency key.
 *
 * @param ticket what ends it
 * @param key what makes another request a duplicate of it
 * @param request the parsed request
 * @param original the record's value as it arrived, for a dead letter
 */
public record Lead(Ticket ticket, IdempotencyKey key, Request request, byte[] original) {}
