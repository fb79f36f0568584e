package dev.penstock.outcome;

/**
 * The sinks.
 *
 * @param results takes results
 * @param deadLetters takes dead letters
 * @param usage takes usage events
 * @param budgets takes budget statuses
 * @param alerts takes alerts
 */
public record EmitRoutes(String results, String deadLetters, String usage, String budgets, String alerts) {}
