package dev.penstock.intake;

/**
 * The nodes that intake forwards to.
 *
 * @param admitted takes requests
 * @param refused takes what ends here
 * @param rerouted takes what belongs to another partition
 */
public record IntakeRoutes(String admitted, String refused, String rerouted) {}
