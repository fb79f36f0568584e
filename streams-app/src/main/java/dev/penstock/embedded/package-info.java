/**
 * A real KRaft broker without Docker, for {@code demo}, {@code dev}, {@code bench} and tests: in this JVM
 * ({@link dev.penstock.embedded.EmbeddedBroker}) or as a process that can be killed ({@link dev.penstock.embedded.BrokerProcess}).
 *
 * <p>It is one node with one copy of everything, listens on 127.0.0.1 alone and is not made for production: its jars are not in the production class path.
 */
@NullMarked
package dev.penstock.embedded;

import org.jspecify.annotations.NullMarked;
