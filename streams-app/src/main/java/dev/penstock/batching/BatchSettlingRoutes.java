package dev.penstock.batching;

/**
 * The nodes that members of settled calls are forwarded to.
 *
 * @param settled takes what ends
 * @param spent takes what each has cost
 */
public record BatchSettlingRoutes(String settled, String spent) {}
