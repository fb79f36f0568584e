package dev.penstock.batching;

/**
 * The nodes that the stage forwards to.
 *
 * @param called takes calls, shared or not
 * @param settled takes what ends here
 */
public record BatchRoutes(String called, String settled) {}
