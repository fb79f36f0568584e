@NullMarked
package dev.penstock.console;

import org.jspecify.annotations.NullMarked;
