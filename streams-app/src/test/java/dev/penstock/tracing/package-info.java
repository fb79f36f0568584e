/** Spans, as a collector receives them. */
@NullMarked
package dev.penstock.tracing;

import org.jspecify.annotations.NullMarked;
