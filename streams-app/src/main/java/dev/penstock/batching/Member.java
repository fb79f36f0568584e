package dev.penstock.batching;

import dev.penstock.schemas.Source;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Route;
import dev.penstock.work.Settled;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.time.Instant;

/**
 * A request that waits in a window or for a call that it shares, as it is stored.
 *
 * @param ticket what ends it
 * @param key its idempotency key
 * @param original the request's value as it arrived
 * @param route where it may be answered
 * @param group its group's key
 * @param tokens of its text, by our own count
 * @param openedAt when its window opened
 * @param closesAt when its window leaves
 */
record Member(
        Ticket ticket,
        IdempotencyKey key,
        byte[] original,
        Route route,
        String group,
        long tokens,
        Instant openedAt,
        Instant closesAt) {

    /** The same, whose answer is not kept for others. */
    Member keepingNoAnswer() {
        return new Member(ticket.keepingNoAnswer(), key, original, route, group, tokens, openedAt, closesAt);
    }

    /** @param lost whether a call that was made for it, or may have been, was lost */
    Settled ended(Verdict verdict, boolean lost) {
        return new Settled(ticket, key, verdict, original, Source.PROVIDER, lost);
    }
}
