@NullMarked
package dev.penstock.batching;

import org.jspecify.annotations.NullMarked;
