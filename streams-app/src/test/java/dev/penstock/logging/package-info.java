@NullMarked
package dev.penstock.logging;

import org.jspecify.annotations.NullMarked;
