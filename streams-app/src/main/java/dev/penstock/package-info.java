/** Penstock: production LLM calls as a durable Kafka Streams pipeline. {@link dev.penstock.PenstockApp} is one instance. */
@NullMarked
package dev.penstock;

import org.jspecify.annotations.NullMarked;
