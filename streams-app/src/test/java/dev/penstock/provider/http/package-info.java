@NullMarked
package dev.penstock.provider.http;

import org.jspecify.annotations.NullMarked;
