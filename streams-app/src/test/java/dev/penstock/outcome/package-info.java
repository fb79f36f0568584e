@NullMarked
package dev.penstock.outcome;

import org.jspecify.annotations.NullMarked;
