/**
 * One HTTP/1.1 exchange for a call, whatever is spoken: {@code HttpProvider} sends what a {@code Dialect} wrote, a timer
 * closes its socket when the time is up, and what came back is read within fixed bounds before the dialect sees it.
 *
 * <p>Receives a call and a dialect, sends on a reply. The HTTP client's own retries, redirects, cookies, authentication and
 * decompression are off; it never logs what is on the wire. A connection on which anything is left after an answer is closed
 * and not used for the next call.
 *
 * <p>What can go wrong is in {@link dev.penstock.provider.ErrorClass}. State: a pool of connections, and a timer.
 */
@NullMarked
package dev.penstock.provider.http;

import org.jspecify.annotations.NullMarked;
