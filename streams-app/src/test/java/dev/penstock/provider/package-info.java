@NullMarked
package dev.penstock.provider;

import org.jspecify.annotations.NullMarked;
