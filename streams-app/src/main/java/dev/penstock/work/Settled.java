package dev.penstock.work;

import dev.penstock.schemas.Source;

/**
 * A call has come to its end; the stages that hold state for it let go of it.
 *
 * @param ticket the request that led
 * @param key its idempotency key
 * @param verdict what it came to
 * @param original the request's value as it arrived
 * @param source whether it was called for, or shares what another came to
 */
public record Settled(Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original, Source source) {

    /** What a call of its own came to, or what ended before there was one. */
    public Settled(Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original) {
        this(ticket, key, verdict, original, Source.PROVIDER);
    }
}
