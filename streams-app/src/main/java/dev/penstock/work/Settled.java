package dev.penstock.work;

/**
 * A call has come to its end; the stages that hold state for it let go of it.
 *
 * @param ticket the request that led
 * @param key its idempotency key
 * @param verdict what it came to
 * @param original the request's value as it arrived
 */
public record Settled(Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original) {}
