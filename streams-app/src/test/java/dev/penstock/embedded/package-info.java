@NullMarked
package dev.penstock.embedded;

import org.jspecify.annotations.NullMarked;
