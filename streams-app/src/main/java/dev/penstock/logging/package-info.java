/**
 * How log lines look: key=value text, or JSON with {@code PENSTOCK_LOG_FORMAT=json}; on stderr, one line an event, bounded, control characters escaped.
 * {@code PENSTOCK_LOG_LEVEL} sets the level of our own loggers; Kafka and the other libraries speak from WARN up.
 */
@NullMarked
package dev.penstock.logging;

import org.jspecify.annotations.NullMarked;
