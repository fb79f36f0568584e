package dev.penstock.idempotency;

/** What a request is to the requests before it. */
sealed interface IdempotencyDecision {

    /** No other request holds the key: this one leads. */
    record First() implements IdempotencyDecision {}

    /** The key has a final verdict, which stands for this request too. */
    record Duplicate(String leader) implements IdempotencyDecision {}

    /** The request that holds the key is in flight: this one waits for its verdict. */
    record InFlight(String leader) implements IdempotencyDecision {}

    /** The key was used for something else. */
    record Conflict(String leader) implements IdempotencyDecision {}
}
