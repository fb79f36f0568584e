/** What is deployed beside the program, held against the program and its pages. */
@NullMarked
package dev.penstock.deploy;

import org.jspecify.annotations.NullMarked;
