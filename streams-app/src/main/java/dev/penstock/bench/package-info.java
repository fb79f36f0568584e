/**
 * The program's own benchmark: prints figures, asserts nothing. A run puts a load through a real broker, the real pipeline
 * and the fake provider over HTTP, warms up first, and measures from the producer to the reader of results.
 */
@NullMarked
package dev.penstock.bench;

import org.jspecify.annotations.NullMarked;
