package dev.penstock.dispatch;

import dev.penstock.schemas.Request;
import dev.penstock.work.Ticket;
import java.time.Duration;
import java.time.Instant;

/**
 * An order to make a call, once the transaction that wrote it is durable.
 *
 * @param ticket the request that is called for
 * @param idempotencyKey sent to the provider, the same for every attempt of the call
 * @param request what to ask
 * @param partition the task that owns the call, and the partition of outcomes that its outcome goes to
 * @param number which dispatch of the call this is, from 1
 * @param owner who makes it
 * @param startBy not to be sent after this time
 * @param timeout for the whole call
 */
public record Launch(
        Ticket ticket,
        String idempotencyKey,
        Request request,
        int partition,
        int number,
        Owner owner,
        Instant startBy,
        Duration timeout) {

    /** Without the request: it holds the prompt. */
    @Override
    public String toString() {
        return "Launch[" + ticket.id() + " #" + number + "]";
    }
}
