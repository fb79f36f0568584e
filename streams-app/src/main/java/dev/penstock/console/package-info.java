/**
 * What a running instance says over HTTP: {@code /livez}, {@code /readyz} (both with {@code ?verbose}), {@code /metrics} and the page for operators;
 * the first two also on a port of their own, where they answer whatever the console is asked.
 *
 * <p>Receives: HTTP, from people and machines that may be hostile. Reads a {@link dev.penstock.console.HealthSource}, a metrics registry and
 * {@link dev.penstock.console.OperatorTopics}. Sends on: nothing by itself; a replay, when somebody with the token confirms it. State: the samples of
 * the last ten minutes. What can go wrong: a client that is slow or silent holds a connection, of which there is a limited number, for a
 * limited time, and no thread; a page of another site is refused by its host or its origin.
 */
@NullMarked
package dev.penstock.console;

import org.jspecify.annotations.NullMarked;
