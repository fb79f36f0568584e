/**
 * The stage that lets small requests share a prompt. Not wired yet: {@code batch} is checked, and every request goes alone.
 *
 * <p>Receives calls that have a route and a reservation. Sends on calls that go alone at once, and one call for the members
 * of a window that has closed: by number, by tokens or by time, whichever comes first. A deadline never waits for a window.
 * When the shared call has settled, each member ends with its own text and its share of the bill; a member whose answer is
 * missing, doubled or malformed goes on alone, once, under a reservation of its own.
 *
 * <p>State: for each group the account of its open window ({@link dev.penstock.batching.OpenWindow}), and each member as an
 * entry of its own; for each call that left, its members and their ids.
 *
 * <p>What can go wrong: the model drops, doubles or swaps answers (they are matched by random id, never by position); a
 * member tries to speak for the others (it cannot know their ids, nor close its own fence; a model that obeys it all the
 * same changes what the others are told, which is why sharing is opt-in and never across tenants); the answer is cut or is
 * no JSON (every member goes on alone, and the shared call was paid for nothing).
 */
@NullMarked
package dev.penstock.batching;

import org.jspecify.annotations.NullMarked;
