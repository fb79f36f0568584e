/** What is known of the jars that we use, held against the jars. It is a check of the build: nothing of it is in the program. */
@NullMarked
package dev.penstock.advisories;

import org.jspecify.annotations.NullMarked;
