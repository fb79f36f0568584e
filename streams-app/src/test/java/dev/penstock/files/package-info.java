/** Tests of the files that hold content. */
@NullMarked
package dev.penstock.files;

import org.jspecify.annotations.NullMarked;
