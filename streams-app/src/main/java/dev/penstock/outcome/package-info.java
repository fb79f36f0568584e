/**
 * The last stage, and the first to be read: what calls came to arrives here, and everything that leaves the pipeline
 * leaves through here.
 *
 * <p>{@link dev.penstock.outcome.OutcomeArrival} receives records of the outcomes topic and sends on {@link
 * dev.penstock.schemas.Outcome}s. {@link dev.penstock.outcome.EmitProcessor} receives {@link
 * dev.penstock.work.Emission}s and writes results, dead letters and usage events. Owns no state.
 *
 * <p>What can go wrong: a record that is too large would stop the application for good, so every record is measured
 * before it is sent on. A result over the limit becomes a dead letter; a dead letter over it is cut, with its checksum.
 */
@NullMarked
package dev.penstock.outcome;

import org.jspecify.annotations.NullMarked;
