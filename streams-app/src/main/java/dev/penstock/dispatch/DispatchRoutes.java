package dev.penstock.dispatch;

/**
 * The nodes that the stage forwards to.
 *
 * @param settled takes calls that are over
 * @param spent takes what calls cost, and what budgets have to say
 * @param shared takes calls that are over and that requests share, and what they cost
 */
public record DispatchRoutes(String settled, String spent, String shared) {}
