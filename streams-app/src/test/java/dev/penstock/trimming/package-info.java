@NullMarked
package dev.penstock.trimming;

import org.jspecify.annotations.NullMarked;
