/**
 * OpenTelemetry spans of requests and calls, under the names that its conventions have for messaging and generative AI.
 *
 * <p>Receives: what ends, from the outcome stage, and each attempt at a provider, around which it stands. Sends on: spans, to where
 * the {@code OTEL_*} environment says; nothing unless it does. State it owns: none that outlives the process; the ids of a request's
 * span are made of its own, so that any instance knows them. What can go wrong: a collector that is away or slow, which costs spans
 * and nothing else. No prompt, answer, key or error text of a provider is recorded.
 */
@NullMarked
package dev.penstock.tracing;

import org.jspecify.annotations.NullMarked;
