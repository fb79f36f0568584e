@NullMarked
package dev.penstock.topics;

import org.jspecify.annotations.NullMarked;
