@NullMarked
package dev.penstock.budget;

import org.jspecify.annotations.NullMarked;
