/**
 * Scenarios: a real broker, the program and a fake provider, mostly as child processes, with faults thrown at them.
 *
 * <p>{@link dev.penstock.faults.Child} and its neighbours start and signal processes and clean up after them;
 * {@link dev.penstock.faults.RequestSender} and {@link dev.penstock.faults.TopicReader} are the test clients that write the
 * history; the classes whose names end in {@code IT} are the scenarios. Each is judged by the
 * {@link dev.penstock.guarantees.Promises}.
 */
@NullMarked
package dev.penstock.faults;

import org.jspecify.annotations.NullMarked;
