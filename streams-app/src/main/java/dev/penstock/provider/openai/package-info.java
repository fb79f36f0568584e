/**
 * Any endpoint that speaks OpenAI's chat completions.
 *
 * <p>One call is one HTTP/1.1 exchange: {@code OpenAiProvider} sends it, a timer closes its socket when the time is up, and
 * what came back is read within fixed bounds. The HTTP client's own retries, redirects, cookies, authentication and
 * decompression are off; it never logs what is on the wire.
 *
 * <p>What can go wrong is in {@link dev.penstock.provider.ErrorClass}. State: a pool of connections, and a timer.
 */
@NullMarked
package dev.penstock.provider.openai;

import org.jspecify.annotations.NullMarked;
