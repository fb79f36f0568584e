/**
 * What Penstock promises, as objects that judge a history.
 *
 * <p>Test clients write down what they sent, what came back with its topic, partition and offset, what the fake provider
 * logged, what was printed, and which faults struck ({@link dev.penstock.guarantees.History}). Nothing here knows the
 * pipeline's own classes: records are read as the JSON that a stranger would see. One pure
 * {@link dev.penstock.guarantees.Checker} lets every {@link dev.penstock.guarantees.Guarantee} read the history and say
 * what in it is illegal.
 */
@NullMarked
package dev.penstock.guarantees;

import org.jspecify.annotations.NullMarked;
