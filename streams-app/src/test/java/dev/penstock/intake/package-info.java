@NullMarked
package dev.penstock.intake;

import org.jspecify.annotations.NullMarked;
