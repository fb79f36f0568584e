package dev.penstock.cache;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep came to.
 *
 * @param removed how many entries had expired
 * @param next when the next one is due, which is past if the bound of a step cut the sweep short; null when none is left
 */
record Swept(int removed, @Nullable Instant next) {}
