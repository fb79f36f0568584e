/**
 * The stage that makes a prompt fit. Not wired yet: no request is trimmed.
 *
 * <p>Receives calls that have a route, so that the target's context is known. Sends on calls whose prompt is within the
 * budget, shortened if need be, with the number of tokens that were cut. What cannot fit is settled here as {@code
 * trimming.cannot_fit}. Owns no state.
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
