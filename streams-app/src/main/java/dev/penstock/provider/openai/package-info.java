/**
 * Any endpoint that speaks OpenAI's chat completions.
 *
 * <p>Receives a call and sends its body as it stands; hands on the answer as it came. The exchange itself is
 * {@link dev.penstock.provider.http}, and so is all state.
 *
 * <p>What can go wrong is in {@link dev.penstock.provider.ErrorClass}.
 */
@NullMarked
package dev.penstock.provider.openai;

import org.jspecify.annotations.NullMarked;
