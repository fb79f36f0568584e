/**
 * The first stage: decides whether a record is a request, whose it is, and whether it stands where it should.
 *
 * <p>Receives request records as bytes, from the requests topic and from the rerouted topic. Sends on {@link
 * dev.penstock.work.Admitted} requests to idempotency, refusals to the outcome stage, and records that a foreign
 * partitioner put into another partition to the rerouted topic, once. Owns no state.
 *
 * <p>What can go wrong: anything at all in the bytes. Every such record ends as one dead letter, in bounded time and
 * memory, and its neighbours do not notice.
 */
@NullMarked
package dev.penstock.intake;

import org.jspecify.annotations.NullMarked;
