/**
 * The stage between the durable state machine and the outside world.
 *
 * <p>Receives {@link dev.penstock.work.Call}s, and the {@link dev.penstock.schemas.Outcome}s of calls that it launched.
 * Sends on {@link dev.penstock.work.Settled} calls and what they cost. A stream thread never waits here: a call is
 * written to the store, and leaves through the {@link dev.penstock.dispatch.CallRunner} after the commit.
 *
 * <p>State: the {@code calls} store ({@link dev.penstock.dispatch.CallStore}), an entry and a body for each call that
 * waits or is in flight; and in memory, rebuilt from it when a task starts, the order of what waits.
 *
 * <p>What can go wrong: a process dies with calls in flight ({@link dev.penstock.dispatch.DispatchPolicy} says when they
 * are in doubt, and what then); a transaction is rolled back (the call never left); an answer comes late (it is
 * charged); a deadline passes in the queue (a dead letter that may be retried).
 */
@NullMarked
package dev.penstock.dispatch;

import org.jspecify.annotations.NullMarked;
