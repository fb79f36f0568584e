package dev.penstock.budget;

/** Says how many tokens a text can have at most, for one family of models. Safe for many threads; throws for no text. */
public interface TokenCounter {

    /** Tokens of the text alone. */
    long count(String text);

    /** Tokens that a message, a tool or another part costs beside its text. */
    int perPart();
}
