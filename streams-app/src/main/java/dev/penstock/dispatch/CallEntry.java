package dev.penstock.dispatch;

import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Ticket;

/**
 * A call that waits or is in flight, as it is stored.
 *
 * @param ticket what ends it
 * @param key its idempotency key
 * @param original the request's value as it arrived
 * @param state where it is in its life
 * @param dispatches how often it was handed to a runner; numbers its outcomes
 * @param lost how many of those were lost with the process that made them
 */
record CallEntry(Ticket ticket, IdempotencyKey key, byte[] original, CallState state, int dispatches, int lost) {

    CallEntry dispatched(CallState.Dispatched state) {
        return new CallEntry(ticket, key, original, state, dispatches + 1, lost);
    }

    CallEntry waiting() {
        return new CallEntry(ticket, key, original, new CallState.Waiting(), dispatches, lost);
    }

    CallEntry lostOnce() {
        return new CallEntry(ticket, key, original, new CallState.Waiting(), dispatches, lost + 1);
    }
}
