/**
 * The stage that lets small requests share a prompt, where both the request and its tenant allow it. Without
 * {@code batching.enabled} nothing gathers, and what an earlier run left continues: who waits for others goes alone, and calls
 * that are shared end as they would have.
 *
 * <p>{@link dev.penstock.batching.BatchProcessor} receives calls that have a route. It sends on calls that share no prompt at
 * once, and one call for the members of a window that has closed: by number, by tokens or by time, whichever comes first. A
 * deadline never waits for a window. The shared call has an identity of its own; dispatch reserves for it, queues it and tries
 * it as it does any other. {@link dev.penstock.batching.BatchSettling} receives shared calls that are over. It sends on each
 * member with its own text and its share of the bill; a member whose answer is missing, doubled or malformed goes back to
 * dispatch, once, and has a reservation of its own.
 *
 * <p>State: each member as an entry of its own, from its arrival until its call is over; for each call that left, its members'
 * ids. The account of an open window ({@link dev.penstock.batching.OpenWindow}) is counted from its members at a start. Those
 * that came lately are in memory too ({@link dev.penstock.batching.Recent}), and are not read again.
 *
 * <p>What can go wrong: the model drops, doubles or swaps answers (they are matched by random id, never by position); a
 * member tries to speak for the others (it cannot know their ids, nor close its own fence; where a model obeys it all the same,
 * {@link dev.penstock.batching.Dictation} finds answers that stand word for word in another's text, and no more than that, which
 * is why sharing is opt-in and never across tenants); the answer is cut or is
 * no JSON (every member continues alone, and the shared call was paid for nothing); more waits in windows than should (it
 * counts in the intake valve).
 */
@NullMarked
package dev.penstock.batching;

import org.jspecify.annotations.NullMarked;
