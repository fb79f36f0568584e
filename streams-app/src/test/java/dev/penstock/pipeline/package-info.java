/** Tests of the whole topology and of what joins it to Kafka. */
@NullMarked
package dev.penstock.pipeline;

import org.jspecify.annotations.NullMarked;
