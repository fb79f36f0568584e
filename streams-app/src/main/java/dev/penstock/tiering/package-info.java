/**
 * The stage that says where a request may be answered.
 *
 * <p>Receives {@link dev.penstock.work.Lead}s from idempotency. Sends on {@link dev.penstock.work.Call}s with their {@link
 * dev.penstock.work.Route} to dispatch; a request for a tier that does not exist is {@link dev.penstock.work.Settled} here.
 * Owns no state.
 *
 * <p>What can go wrong: a request names a tier that nobody configured (a dead letter that says which there are).
 */
@NullMarked
package dev.penstock.tiering;

import org.jspecify.annotations.NullMarked;
