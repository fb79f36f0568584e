@NullMarked
package dev.penstock.tiering;

import org.jspecify.annotations.NullMarked;
