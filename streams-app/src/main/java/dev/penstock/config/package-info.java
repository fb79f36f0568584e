/**
 * Configuration: one YAML file, the environment and {@code --set} become typed records.
 *
 * <p>Receives texts with the place they came from; gives a {@link dev.penstock.config.PenstockConfig}, or every mistake at once in a
 * {@link dev.penstock.config.ConfigException}. A key, its default and its limits are written once, as a {@link dev.penstock.config.Setting} beside the
 * record that holds its value. Secrets are references ({@link dev.penstock.config.SecretRef}) and never stand in a file, a flag or a text form.
 */
@NullMarked
package dev.penstock.config;

import org.jspecify.annotations.NullMarked;
