/** The vocabulary that stages pass on. */
@NullMarked
package dev.penstock.work;

import org.jspecify.annotations.NullMarked;
