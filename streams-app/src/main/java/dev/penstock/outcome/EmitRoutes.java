package dev.penstock.outcome;

/**
 * The sinks.
 *
 * @param results takes results
 * @param deadLetters takes dead letters
 * @param usage takes usage events
 */
public record EmitRoutes(String results, String deadLetters, String usage) {}
