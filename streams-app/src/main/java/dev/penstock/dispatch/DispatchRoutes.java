package dev.penstock.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * The nodes that the stage forwards to.
 *
 * @param settled takes calls that are over
 * @param spent takes what calls cost, and what budgets have to say
 * @param shared takes calls that are over and that requests share; null where none is made
 */
public record DispatchRoutes(
        String settled, String spent, @Nullable String shared) {}
