/**
 * What a running instance says over HTTP: {@code /livez}, {@code /readyz} (both with {@code ?verbose}) and {@code /metrics}.
 *
 * <p>Reads a {@link dev.penstock.console.HealthSource} and a metrics registry; changes nothing, answers GET alone and holds no request body. A slow
 * client holds a virtual thread, of which there is a limited number, and no thread of the pipeline.
 */
@NullMarked
package dev.penstock.console;

import org.jspecify.annotations.NullMarked;
