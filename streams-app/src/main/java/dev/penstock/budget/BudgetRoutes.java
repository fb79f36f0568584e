package dev.penstock.budget;

/**
 * The nodes that the stage forwards to.
 *
 * @param emitted takes statuses, alerts and usage events
 * @param shared takes what calls cost that several requests share
 * @param rerouted takes what belongs to another partition
 * @param applied takes word of policies that changed
 */
public record BudgetRoutes(String emitted, String shared, String rerouted, String applied) {}
