/**
 * The stage that makes a prompt fit.
 *
 * <p>It is no node of the topology: which target gets a prompt is known only when an attempt is made. {@link
 * dev.penstock.trimming.Trimmer} is what the call runner asks, before each attempt, and once more when a provider refused a
 * prompt as too long. It receives the body about to be sent and returns one within the budget, with the number of tokens that
 * were cut, or says what cannot fit ({@code trimming.cannot_fit}, when no other target of the chain takes it). Owns no state.
 *
 * <p>What stays whole: system and developer prompts, the last user turn, and every field of the body but {@code messages}.
 * What goes: the oldest turns first, each as a whole, so that no answer stands without its question and no tool result
 * without its call. The newest of what may go is not dropped but cut: its longest message loses its start.
 *
 * <p>What can go wrong: our count is not the provider's (its error about the context's length trims once more, to less);
 * what must be kept is over the budget (a dead letter that says how much is needed, and for what); a text that is cut inside
 * a character (never: the cut falls between code points).
 */
@NullMarked
package dev.penstock.trimming;

import org.jspecify.annotations.NullMarked;
