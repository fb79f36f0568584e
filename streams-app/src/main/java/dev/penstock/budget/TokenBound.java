package dev.penstock.budget;

/** The most tokens that something can come to. */
public sealed interface TokenBound {

    /** @param tokens at least 0, at most {@link dev.penstock.schemas.TokenUsage#MAX_TOKENS} */
    record AtMost(long tokens) implements TokenBound {}

    /** @param what the part of the request that has no bound; never text of the request */
    record Unbounded(String what) implements TokenBound {}
}
