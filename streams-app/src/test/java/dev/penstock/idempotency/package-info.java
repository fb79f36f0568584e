@NullMarked
package dev.penstock.idempotency;

import org.jspecify.annotations.NullMarked;
