/**
 * The commands. {@link dev.penstock.cli.Main} answers {@code --help} without loading anything, and makes only the command that was asked for.
 *
 * <p>Results go to stdout, everything else to stderr; what went wrong is one line, never a stack trace. Exit codes: 0 done, 1 failed, 2 wrong usage
 * or configuration. Text that came from outside is escaped and bounded before a terminal sees it.
 */
@NullMarked
package dev.penstock.cli;

import org.jspecify.annotations.NullMarked;
