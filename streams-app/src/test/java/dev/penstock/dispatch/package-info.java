@NullMarked
package dev.penstock.dispatch;

import org.jspecify.annotations.NullMarked;
