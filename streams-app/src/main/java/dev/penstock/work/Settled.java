package dev.penstock.work;

import dev.penstock.schemas.Source;

/**
 * A call has ended; the stages that hold state for it delete that.
 *
 * @param ticket the request that led
 * @param key its idempotency key
 * @param verdict how it ended
 * @param original the request's value as it arrived
 * @param source whether a call was made for it, or it shares the verdict of another
 * @param lost whether a call that was made for it, or may have been, was lost
 */
public record Settled(
        Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original, Source source, boolean lost) {

    /** What ended without a call of its own, or before there was one. */
    public Settled(Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original, Source source) {
        this(ticket, key, verdict, original, source, false);
    }

    /** What ended before there was a call. */
    public Settled(Ticket ticket, IdempotencyKey key, Verdict verdict, byte[] original) {
        this(ticket, key, verdict, original, Source.PROVIDER, false);
    }
}
