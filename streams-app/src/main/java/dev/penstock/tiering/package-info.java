/**
 * The stage that says where a request may be answered.
 *
 * <p>Receives {@link dev.penstock.work.Lead}s from the cache stage. Sends on {@link dev.penstock.work.Call}s with their {@link
 * dev.penstock.work.Route} to dispatch; a request for a tier that does not exist is {@link dev.penstock.work.Settled} here.
 * Owns no state. What asks for {@code auto} without a task is classified by rules; the reason travels with the route.
 *
 * <p>What can go wrong: a request names a tier that nobody configured (a dead letter that says which there are). A rule of the
 * classifier can never match, because rules before it take everything (refused at start).
 */
@NullMarked
package dev.penstock.tiering;

import org.jspecify.annotations.NullMarked;
