@NullMarked
package dev.penstock.fake;

import org.jspecify.annotations.NullMarked;
