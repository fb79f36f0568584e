package dev.penstock.work;

/** Counts the tokens of a text as a model would. Thread-safe. */
@FunctionalInterface
public interface TokenCounter {

    /** Tokens of the text alone, without what a provider adds around messages; 0 for an empty text. */
    long count(String text);
}
