/**
 * The stage that makes one call of many copies.
 *
 * <p>Receives {@link dev.penstock.work.Admitted} requests. Sends on the first of each key as a {@link
 * dev.penstock.work.Lead}; answers a duplicate of a terminal with the same terminal; lets a duplicate of a request in
 * flight follow it; refuses a key that was reused for something else. When a call has {@link
 * dev.penstock.work.Settled}, its terminal goes out, and its followers share it, in chunks.
 *
 * <p>State: the {@code idempotency} store ({@link dev.penstock.idempotency.IdempotencyStore}): keys, verdicts,
 * followers, what is still to be fanned out, and two time indexes. A key whose request is in flight never expires;
 * retention counts from the terminal. A failure that may be retried is not final: the same key starts again.
 *
 * <p>What can go wrong: ten thousand followers of one large answer (chunked over transactions); a follower whose own
 * deadline passes first (it ends alone); a leader whose own deadline passes (the most urgent follower leads); a crash between chunks (the fan-out is durable);
 * copies without end of a request that is held or parked ({@link dev.penstock.work.Followers} bounds those of a tenant, and they do not close intake).
 */
@NullMarked
package dev.penstock.idempotency;

import org.jspecify.annotations.NullMarked;
