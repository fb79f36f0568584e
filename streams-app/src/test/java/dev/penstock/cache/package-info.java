@NullMarked
package dev.penstock.cache;

import org.jspecify.annotations.NullMarked;
