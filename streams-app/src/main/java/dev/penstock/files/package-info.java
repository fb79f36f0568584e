/**
 * Files and directories that hold prompts and answers.
 *
 * <p>Receives: paths that a user or the configuration gave. Sends on: files and directories that their owner alone can read. State it owns: none. What can go
 * wrong: the place is taken, or is a link; nothing is written then.
 */
@NullMarked
package dev.penstock.files;

import org.jspecify.annotations.NullMarked;
