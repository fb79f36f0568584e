@NullMarked
package dev.penstock.deadletters;

import org.jspecify.annotations.NullMarked;
