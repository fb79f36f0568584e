package dev.penstock.tiering;

/**
 * The nodes that the stage forwards to.
 *
 * @param routed takes calls that have a route
 * @param settled takes what ends here
 */
public record TieringRoutes(String routed, String settled) {}
