@NullMarked
package dev.penstock.work;

import org.jspecify.annotations.NullMarked;
