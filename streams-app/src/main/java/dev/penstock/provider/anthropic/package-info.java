/**
 * Anthropic's Messages API behind OpenAI's words: a call is translated on its way out, its answer on the way back.
 *
 * <p>Receives a call with an OpenAI body; sends on a chat completion. What the Messages API has no words for is refused by
 * name before anything is sent, never dropped in silence. The exchange itself is {@link dev.penstock.provider.http}, and so
 * is all state.
 *
 * <p>What can go wrong is in {@link dev.penstock.provider.ErrorClass}. docs/decisions/050 has the translation field by field.
 */
@NullMarked
package dev.penstock.provider.anthropic;

import org.jspecify.annotations.NullMarked;
