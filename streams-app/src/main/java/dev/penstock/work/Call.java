package dev.penstock.work;

import dev.penstock.schemas.Request;

/**
 * A request on its way to a provider.
 *
 * @param ticket what ends it
 * @param key what makes another request a duplicate of it
 * @param request the parsed request
 * @param original the record's value as it arrived, for a dead letter
 * @param route where it may be answered
 */
public record Call(Ticket ticket, IdempotencyKey key, Request request, byte[] original, Route route) {}
