package dev.penstock.dispatch;

import dev.penstock.provider.Lease;
import dev.penstock.schemas.Request;
import dev.penstock.work.Route;
import dev.penstock.work.Ticket;
import java.time.Instant;

/**
 * An order to make a call, once the transaction that wrote it is durable.
 *
 * @param ticket the request that is called for
 * @param idempotencyKey the same for every attempt of the call; sent to the provider with a digest of the body
 * @param request what to ask
 * @param route where it may be answered
 * @param progress what was tried before
 * @param partition the task that owns the call, and the partition of outcomes that its outcome goes to
 * @param number which dispatch of the call this is, from 1
 * @param state who makes it, where first, and until when
 * @param tokens that the call uses at most, for token rates
 * @param lease the place at that target that was taken for the first attempt
 */
public record Launch(
        Ticket ticket,
        String idempotencyKey,
        Request request,
        Route route,
        Progress progress,
        int partition,
        int number,
        CallState.Dispatched state,
        long tokens,
        Lease lease) {

    /** Not to be sent after this time. */
    public Instant startBy() {
        return state.startBy();
    }

    /** Who makes it. */
    public Owner owner() {
        return state.owner();
    }

    /** Without the request: it holds the prompt. */
    @Override
    public String toString() {
        return "Launch[" + ticket.id() + " #" + number + "]";
    }
}
