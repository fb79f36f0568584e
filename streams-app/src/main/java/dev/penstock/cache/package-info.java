/**
 * The stage that answers from what was answered before, and lets identical requests in flight share one call.
 *
 * <p>Receives the first request of each idempotency key. Sends on what must be asked; answers what stands in the cache
 * ({@code source: cache}) and lets a request whose twin is in flight follow it ({@code source: coalesced}). When a call has
 * settled, a complete answer is kept and the followers are released. {@link dev.penstock.cache.CacheProcessor} stands before
 * tiering, {@link dev.penstock.cache.CacheSettling} behind dispatch; a ticket's {@link dev.penstock.work.CacheClaim} tells the
 * second what the first decided, so that a request that does not use the cache costs no access to the store.
 *
 * <p>State, all of it a tenant's own: entries with their answers, each in an index by recency and in one by expiry; a
 * tenant's totals; the flight of each key and its followers. {@link dev.penstock.cache.CacheBook} keeps the account over a
 * small {@link dev.penstock.cache.CacheStore}. Recency is kept to the minute, so that a hit is rarely a write.
 *
 * <p>What can go wrong: a key that leaves out what matters would give one question's answer to another ({@link
 * dev.penstock.cache.CacheKey} says what is left out and why; everything unknown is in it). One large answer would push out
 * thousands of small ones (evictions of a step are bounded, and what then still has no room is not kept). A leader fails
 * (each follower continues alone, or fails alike where the request itself is at fault) or ends at its own deadline (the
 * most urgent follower leads, and the others follow it without being written anew). Nothing can be sent back up a topology,
 * so {@link dev.penstock.work.WaitingFollowers} looks for releases by a timer.
 */
@NullMarked
package dev.penstock.cache;

import org.jspecify.annotations.NullMarked;
