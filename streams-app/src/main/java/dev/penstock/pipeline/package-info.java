/** The diagram: topics, stores and stages, and how they are wired. */
@NullMarked
package dev.penstock.pipeline;

import org.jspecify.annotations.NullMarked;
