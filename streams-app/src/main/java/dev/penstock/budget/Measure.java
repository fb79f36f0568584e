package dev.penstock.budget;

/** What a budget counts. */
public enum Measure {
    USD,
    TOKENS
}
